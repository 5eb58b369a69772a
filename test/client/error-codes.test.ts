import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorKind, errorName } from '../../src/client/error-codes.ts'

const NOT_CODES = new Set(['_BEGIN', '_END', 'END_ALL'])

/** The names as the library's own header has them. */
function headerCodes(): [string, number][] {
  const require = createRequire(import.meta.url)
  const directory = dirname(require.resolve('node-rdkafka/package.json'))
  const header = readFileSync(join(directory, 'deps/librdkafka/src/rdkafka.h'), 'utf8')
  const codes = [...header.matchAll(/^\s+RD_KAFKA_RESP_ERR_(\w+) = (-?\d+),/gm)]
  return codes
    .map(([, name, code]): [string, number] => [name ?? '', Number(code)])
    .filter(([name]) => !NOT_CODES.has(name))
}

describe('error codes', () => {
  it('every code of the header has its name', () => {
    const codes = headerCodes()
    expect(codes.length).toBeGreaterThan(150)
    expect(codes.map(([, code]) => errorName(code))).toEqual(codes.map(([name]) => name))
  })

  it('an unknown code still has a name', () => {
    expect(errorName(9_999)).toBe('ERR_9999')
    expect(errorName(-5_000)).toBe('ERR_-5000')
    expect(errorKind(9_999)).toBe('retry')
  })

  it.each([
    [-195, 'retry'],
    [-187, 'retry'],
    [6, 'retry'],
    [-169, 'authentication'],
    [58, 'authentication'],
    [29, 'authorisation'],
    [30, 'authorisation'],
    [-140, 'partition'],
    [10, 'partition'],
    [-150, 'client'],
    [82, 'client'],
    [38, 'configuration']
  ] as const)('code %i is %s', (code, kind) => {
    expect(errorKind(code)).toBe(kind)
  })
})
