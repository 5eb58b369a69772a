import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SUITES } from '../../benchmarks/all-suites.ts'
import { resultsPage } from '../../benchmarks/harness/results-page.ts'
import { BENCHMARKS, readStored, renderedFiles } from '../../benchmarks/harness/stored-results.ts'
import type { SuiteResults } from '../../benchmarks/harness/suite-results.ts'
import { checkBars } from '../../benchmarks/mirror/check-bars.ts'
import type { MirrorDetails } from '../../benchmarks/mirror/mirror-details.ts'

const STORED = await readStored(SUITES.map(({ name }) => name))

test('nobody edited the page or a plot: they are what the stored results make', () => {
  for (const [path, content] of renderedFiles(STORED)) {
    expect(readFileSync(join(BENCHMARKS, path), 'utf8'), `npm run bench -- --render writes ${path}`).toBe(content)
  }
})

test('there is no plot that the page doesn’t show', () => {
  const page = readFileSync(join(BENCHMARKS, 'RESULTS.md'), 'utf8')
  const plots = readdirSync(join(BENCHMARKS, 'results')).filter((name) => name.endsWith('.svg'))
  for (const plot of plots) expect(page).toContain(`(results/${plot})`)
})

test('the bars on the page are those that the suite has today', () => {
  const mirror = STORED.find(({ suite }) => suite === 'mirror')
  expect(mirror?.bars).toEqual(checkBars(mirror?.details as MirrorDetails))
})

test('committed results come from a committed state, and every row fits its columns', () => {
  for (const { suite, surroundings, command, sections } of STORED) {
    expect(surroundings.commit, suite).toMatch(/^[0-9a-f]{7,}$/)
    expect(command, suite).toContain(`npm run bench -- ${suite}`)
    for (const { title, columns, rows } of sections) {
      for (const row of rows) expect(row.length, `${suite}: ${title}`).toBe(columns.length)
    }
  }
})

const SOME: SuiteResults = {
  suite: 'some',
  command: 'npm run bench -- some --runs 3',
  surroundings: {
    date: '2026-01-02',
    processor: 'a processor',
    cores: 2,
    memoryGiB: 24,
    system: 'Linux',
    node: '20',
    nodeRdkafka: '3',
    librdkafka: '2',
    kafka: '3.9.1',
    millrace: '1',
    commit: 'abcdef0'
  },
  note: 'What was done.',
  versions: { kcat: '1.7' },
  sections: [
    { title: 'Figures', columns: [{ title: 'what' }, { title: 'how much', figure: true }], rows: [['a', '1']] }
  ],
  settings: [{ name: 'kcat', lines: ['acks=all'] }],
  bars: [{ what: 'it', measured: '2', wanted: '≤ 1', met: false }],
  ratios: [],
  notRun: [{ name: 'absent', why: 'it is not there' }],
  failures: ['broken: because\na long story'],
  details: {}
}

test.each([
  ['the command', '`npm run bench -- some --runs 3`, 2026-01-02, millrace 1 (abcdef0)'],
  ['versions of what only this suite runs', 'Apache Kafka 3.9.1, kcat 1.7.'],
  ['its tables', '| what | how much |\n| --- | ---: |\n| a | 1 |'],
  ['what was missed', '| it | ≤ 1 | 2 | **missed** |'],
  ['settings', '<summary>Settings of kcat</summary>\n\n```\nacks=all\n```'],
  ['what did not run', '- `absent`: not run, it is not there'],
  ['what failed, in a line', '- broken: because\n']
])('a suite on the page shows %s', (_, shown) => {
  expect(resultsPage([SOME])).toContain(shown)
})
