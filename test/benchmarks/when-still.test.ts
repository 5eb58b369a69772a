import timers from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whenStill } from '../../benchmarks/harness/when-still.ts'
import { replaceBuiltin } from '../helpers/replace-builtin.ts'

let restore: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  // Those of promises are not faked by vitest: they go through the one that is.
  const sleep = async (ms?: number): Promise<unknown> => await new Promise((resolve) => setTimeout(resolve, ms))
  restore = replaceBuiltin(timers, 'setTimeout', sleep as typeof timers.setTimeout)
})
afterEach(() => {
  restore()
  vi.useRealTimers()
})

test('nobody is asked while it grows, or before it has begun', async () => {
  let size = 0
  const isComplete = vi.fn<() => Promise<boolean>>(async () => true)
  const done = whenStill(() => size, isComplete, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(20_000)
  for (let look = 0; look < 100; look++) {
    size += 1
    await vi.advanceTimersByTimeAsync(200)
  }
  expect(isComplete).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1500)
  expect(await done).toBe(true)
  expect(isComplete).toHaveBeenCalledTimes(1)
})

test('a pause is no end: it is asked again, but not all the time', async () => {
  let complete = false
  const isComplete = vi.fn<() => Promise<boolean>>(async () => complete)
  const done = whenStill(() => 5, isComplete, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(isComplete.mock.calls.length).toBeLessThanOrEqual(2)
  complete = true
  await vi.advanceTimersByTimeAsync(6000)
  expect(await done).toBe(true)
})

test('told to stop waiting, it stops', async () => {
  const waiting = new AbortController()
  const done = whenStill(
    () => 0,
    async () => true,
    waiting.signal
  )
  waiting.abort()
  await vi.advanceTimersByTimeAsync(400)
  expect(await done).toBe(false)
})

test('an error of who is asked is not swallowed', async () => {
  const failing = whenStill(
    () => 5,
    () => Promise.reject(new Error('no broker')),
    new AbortController().signal
  )
  const seen = expect(failing).rejects.toThrow('no broker')
  await vi.advanceTimersByTimeAsync(3000)
  await seen
})
