import { expect, it } from 'vitest'
import { RunEnding } from '../../src/job/run-ending.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'

it('the first wish counts: a failure while it stops does not make the stop a failure, nor the reverse', async () => {
  const error = new MillraceError({ code: 'MR_X', kind: 'refused', message: 'no', place: {} })
  const stopped = new RunEnding()
  expect(stopped.isWished).toBe(false)
  stopped.wish({ how: 'stop' })
  stopped.wish({ how: 'fail', error })
  expect(stopped.isWished).toBe(true)
  expect(await stopped.wished).toEqual({ how: 'stop' })

  const failed = new RunEnding()
  failed.wish({ how: 'fail', error })
  failed.wish({ how: 'kill' })
  expect(await failed.wished).toEqual({ how: 'fail', error })
})
