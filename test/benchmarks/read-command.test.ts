import { describe, expect, test } from 'vitest'
import { SUITES } from '../../benchmarks/all-suites.ts'
import { helpText, listText, readCommand } from '../../benchmarks/harness/read-command.ts'
import type { Suite } from '../../benchmarks/harness/suite.ts'
import { UsageError } from '../../benchmarks/harness/usage-error.ts'

const SOME: Suite = {
  name: 'some',
  description: 'something',
  defaultSize: 'little',
  options: ['quick', 'records', 'peers', 'directory'],
  run: () => Promise.reject(new Error('not run here'))
}

function read(...args: readonly string[]) {
  return readCommand(args, [SOME])
}

test('what a suite heeds reaches it', () => {
  const command = read('some', '--records', '100', '--peers', 'a,b', '--compare', '--fail-on-worse', '20')
  expect(command).toMatchObject({
    kind: 'run',
    suite: SOME,
    options: { records: 100, peers: ['a', 'b'], quick: false, runs: 1 },
    output: { compare: true, failOnWorsePercent: 20, writeResults: false }
  })
})

test('the command is told as another would type it, without directories of this machine', () => {
  const args = ['some', '--directory', '/home/me', '--quick', '--json=/home/me/x', '--write-results']
  expect(read(...args)).toMatchObject({ text: 'npm run bench -- some --quick --write-results' })
})

describe('what means nothing is refused', () => {
  test.each([
    ['no suite', [], 'no suite is named'],
    ['an unknown one', ['other'], 'no such suite: other; there are some'],
    ['two', ['some', 'more'], 'no such suite: some more'],
    ['an option that the suite does not heed', ['some', '--pairs', '3'], '--pairs'],
    ['a count that is none', ['some', '--records', '1e99'], '--records needs a whole number from 1 on, not 1e99'],
    ['none at all', ['some', '--records', '0'], '--records needs a whole number'],
    ['a limit without a comparison', ['some', '--fail-on-worse', '3'], '--fail-on-worse needs --compare'],
    ['a limit that is none', ['some', '--compare', '--fail-on-worse', 'x'], '--fail-on-worse needs a number']
  ])('%s', (_, args, message) => {
    expect(() => read(...args)).toThrow(UsageError)
    expect(() => read(...args)).toThrow(message)
  })
})

test('help and list name every suite, and the help of one its options', () => {
  expect(read('--list')).toEqual({ kind: 'list' })
  expect(read('some', '--help')).toEqual({ kind: 'help', suite: SOME })
  for (const suite of SUITES) {
    expect(listText(SUITES)).toContain(suite.description)
    expect(helpText(SUITES)).toContain(suite.name)
    for (const option of suite.options) expect(helpText(SUITES, suite)).toContain(`--${option}`)
  }
})

test('suites are told apart', () => {
  expect(new Set(SUITES.map(({ name }) => name)).size).toBe(SUITES.length)
})
