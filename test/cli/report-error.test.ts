import { describe, expect, it } from 'vitest'
import { reportError } from '../../src/cli/report-error.ts'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import { errorOf, errorReport } from '../../src/job/error-report.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'

const QUIET = { color: false, verbose: false }
const VERBOSE = { color: false, verbose: true }

describe('an error for people', () => {
  it('has code, place and next step in one line', () => {
    const error = new MillraceError({
      code: 'MR_TCP_FAILED',
      kind: 'retry',
      message: 'no connection.',
      next: 'Start it.',
      place: { cluster: 'source', broker: 'a:9092' }
    })
    expect(reportError(error, QUIET)).toBe('error MR_TCP_FAILED source a:9092: no connection. Next: Start it.\n')
  })

  it('shows no stack of an unexpected one, unless asked for', () => {
    const error = new TypeError('x is not a function', { cause: new Error('below') })
    expect(reportError(error, QUIET)).toBe('error MR_INTERNAL: x is not a function (-v shows where)\n')
    expect(reportError(error, VERBOSE)).toMatch(/ {4}at .*report-error\.test[^]*caused by\n {2}Error: below/)
  })

  it('shows no stack either of one that came from the job layer', () => {
    const error = errorOf(errorReport(new TypeError('x is not a function')))
    const text = reportError(error, QUIET)
    expect(text).toMatch(/^error MR_INTERNAL: TypeError: x is not a function \(-v shows where\)\n$/)
    expect(reportError(error, VERBOSE)).toContain('    at ')
  })

  it('lists every problem of a configuration, a line each', () => {
    const error = new ConfigErrors([
      { where: 'job.yaml:3:5', option: 'topics.inclde', message: 'unknown option', next: 'Did you mean include?' },
      { where: 'job.yaml', option: 'name', message: 'is required and missing' }
    ])
    const lines = reportError(error, QUIET).trimEnd().split('\n')
    expect(lines[0]).toBe('error MR_CONFIG_INVALID: the configuration has 2 problems')
    expect(lines).toContain('  job.yaml:3:5: topics.inclde: unknown option. Did you mean include?')
    expect(reportError(errorOf(errorReport(error)), QUIET).split('\n')).toHaveLength(3)
  })

  it('lets no text of a broker speak to the terminal', () => {
    expect(reportError(new Error('a\u001B[2Jb\u202Ec'), QUIET)).toContain('a\\x1b[2Jb\\u{202e}c')
  })
})
