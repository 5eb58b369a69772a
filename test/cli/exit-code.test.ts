import { describe, expect, it } from 'vitest'
import { exitCodeOfError, exitCodeOfJob, exitCodeOfLook } from '../../src/cli/exit-code.ts'
import { MillraceError, type ErrorKind } from '../../src/model/millrace-error.ts'
import { resultOf } from './fake-job.ts'

const error = (code: string, kind: ErrorKind) => new MillraceError({ code, kind, message: 'x' })
const REFUSAL = { code: 'MR_X', message: 'no.', next: 'Do.' }
const NOTHING = { ...resultOf('FAILED').summary, partitions: [] }

describe('exit codes of a run', () => {
  it.each([
    ['completed', resultOf('COMPLETED'), undefined, 0],
    ['drained after Ctrl-C', resultOf('STOPPED'), 'SIGINT', 130],
    ['drained after SIGTERM', resultOf('STOPPED'), 'SIGTERM', 143],
    ['drain deadline passed', resultOf('FAILED'), 'SIGINT', 1],
    ['completed although a signal came', resultOf('COMPLETED'), 'SIGINT', 0],
    ['credentials refused', resultOf('AUTH_FAILED'), undefined, 1],
    ['refused by the plan', resultOf('FAILED', { refusals: [REFUSAL] }), undefined, 4],
    [
      'no broker at the start',
      resultOf('FAILED', { summary: NOTHING, error: error('MR_TCP_FAILED', 'retry') }),
      undefined,
      4
    ],
    ['a broker lost in the middle', resultOf('FAILED', { error: error('MR_CONNECT_FAILED', 'retry') }), undefined, 1],
    [
      'a wrong configuration',
      resultOf('FAILED', { summary: NOTHING, error: error('MR_STATE_DIR', 'configuration') }),
      undefined,
      2
    ],
    ['a crash loop', resultOf('FAILED', { error: error('MR_CRASH_LOOP', 'client') }), undefined, 1]
  ] as const)('%s', (_, result, signal, code) => {
    expect(exitCodeOfJob(result, signal)).toBe(code)
  })
})

describe('exit codes of errors', () => {
  it.each([
    [error('MR_CONFIG_INVALID', 'configuration'), 2, 2],
    [error('MR_TLS_FAILED', 'configuration'), 4, 4],
    [error('MR_AUTHENTICATION_FAILED', 'authentication'), 1, 4],
    [error('MR_ANY', 'internal'), 1, 1],
    [new TypeError('x is not a function'), 1, 1],
    ['thrown text', 1, 1]
  ])('%s', (thrown, run, look) => {
    expect([exitCodeOfError(thrown), exitCodeOfLook(thrown)]).toEqual([run, look])
  })
})
