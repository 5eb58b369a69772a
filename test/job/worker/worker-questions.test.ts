import { describe, expect, it, vi } from 'vitest'
import { WorkerQuestions } from '../../../src/job/worker/worker-questions.ts'
import type { WorkerMessage } from '../../../src/job/worker/worker-messages.ts'

function asking() {
  const sent: WorkerMessage[] = []
  const questions = new WorkerQuestions((message) => sent.push(message))
  return { sent, questions }
}

describe('questions of a worker', () => {
  it('are answered each by its own answer, in any order', async () => {
    const { sent, questions } = asking()
    const limits = questions.limitsOf(['a'])
    const audited = questions.audit([])
    expect(sent).toMatchObject([
      { type: 'limits', id: 0, topics: ['a'] },
      { type: 'audit', id: 1 }
    ])
    questions.answered({ type: 'answer', id: 1 })
    questions.answered({ type: 'answer', id: 0, limits: { a: { maxMessageBytes: 5 } } })
    await audited
    expect(await limits).toEqual(new Map([['a', { maxMessageBytes: 5 }]]))
  })

  it('prepare partitions, which may take longer than an answer', async () => {
    vi.useFakeTimers()
    try {
      const { sent, questions } = asking()
      const place = { topic: 'a', partition: 0 }
      const given = [place]
      const prepared = questions.prepare(given)
      expect(sent).toEqual([{ type: 'prepare', id: 0, partitions: given }])
      await vi.advanceTimersByTimeAsync(9 * 60_000)
      const partitions = [{ ...place, target: 'a', targetPartitions: 1, start: 5, committed: true }]
      questions.answered({ type: 'prepared', id: 0, partitions })
      expect(await prepared).toEqual(partitions)
      const late = expect(questions.prepare(given)).rejects.toMatchObject({ code: 'MR_PREPARE_TIMEOUT', kind: 'retry' })
      await vi.advanceTimersByTimeAsync(10 * 60_000)
      await late
    } finally {
      vi.useRealTimers()
    }
  })

  it('reject with what the supervisor says', async () => {
    const { questions } = asking()
    const audited = questions.audit([])
    const error = { code: 'MR_AUDIT_FAILED', kind: 'configuration', message: 'disk full', place: {} } as const
    questions.answered({ type: 'answer', id: 0, error })
    await expect(audited).rejects.toMatchObject({ code: 'MR_AUDIT_FAILED', kind: 'configuration' })
  })

  it('about offset pairs wait for a second at most, and not at all when there is nobody', async () => {
    vi.useFakeTimers()
    try {
      const { sent, questions } = asking()
      const delivered = [{ topic: 'a', partition: 0, generation: 1, runs: [0, 1, 2, 3] }]
      const kept = questions.keepPairs(delivered)
      expect(sent).toEqual([{ type: 'pairs', id: 0, delivered }])
      questions.answered({ type: 'answer', id: 0 })
      await kept
      const slow = expect(questions.keepPairs(delivered)).rejects.toMatchObject({ code: 'MR_NO_ANSWER' })
      await vi.advanceTimersByTimeAsync(1000)
      await slow
      const waiting = expect(questions.keepPairs(delivered)).rejects.toMatchObject({ code: 'MR_NO_ANSWER' })
      questions.end()
      await waiting
      await expect(questions.keepPairs(delivered)).rejects.toMatchObject({ code: 'MR_NO_ANSWER' })
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('that nobody answers are asked again later', async () => {
    vi.useFakeTimers()
    try {
      const { questions } = asking()
      const audited = expect(questions.audit([])).rejects.toMatchObject({ code: 'MR_NO_ANSWER', kind: 'retry' })
      await vi.advanceTimersByTimeAsync(60_000)
      await audited
      questions.answered({ type: 'answer', id: 0 })
    } finally {
      vi.useRealTimers()
    }
  })
})
