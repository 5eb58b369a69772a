import { describe, expect, it } from 'vitest'
import { traceCommits } from '../../src/checkpoint/trace-commits.ts'
import type { CommitResult } from '../../src/client/types.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { TracedCommit } from '../../src/telemetry/traces/batch-tracer.ts'

const OFFSETS = [
  { topic: 'orders', partition: 0, offset: 5 },
  { topic: 'orders', partition: 1, offset: 6 }
]

async function commitWith(answer: () => Promise<readonly CommitResult[]>) {
  const seen: TracedCommit[] = []
  const consumer = traceCommits({ commit: answer }, { committed: (commit) => seen.push(commit) })
  const outcome = await consumer.commit(OFFSETS).catch((error: unknown) => error)
  const [commit] = seen
  if (commit === undefined || seen.length > 1) throw new Error('one commit, told once')
  expect(commit.ended).toBeGreaterThanOrEqual(commit.began)
  return { outcome, offsets: commit.offsets }
}

describe('traceCommits', () => {
  it('passes the answer on and tells what became of each partition', async () => {
    const results = OFFSETS.map((offset, code) => ({ ...offset, code, name: code === 0 ? 'NO_ERROR' : 'REBALANCE' }))
    const { outcome, offsets } = await commitWith(async () => Promise.resolve(results))
    expect(outcome).toBe(results)
    expect(offsets.map(({ offset, error }) => [offset, error])).toEqual([
      [5, undefined],
      [6, 'REBALANCE']
    ])
  })

  it('a commit that could not be sent failed for all', async () => {
    const error = new MillraceError({ code: 'MR_CLIENT_CLOSED', kind: 'client', message: 'gone' })
    const { outcome, offsets } = await commitWith(async () => Promise.reject(error))
    expect(outcome).toBe(error)
    expect(offsets.map((offset) => offset.error)).toEqual(['MR_CLIENT_CLOSED', 'MR_CLIENT_CLOSED'])
  })
})
