import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endClient } from '../../src/client/end-client.ts'
import type { NativeHandle } from '../../src/client/node-rdkafka-binding.ts'

type Done = (error: Error | null) => void

describe('the end of a client', () => {
  const log: string[] = []
  const handle = {
    disconnect: (done: () => void) => {
      log.push('disconnected')
      done()
    }
  } as unknown as NativeHandle

  beforeEach(() => {
    log.length = 0
    vi.useFakeTimers()
  })
  afterEach(() => void vi.useRealTimers())

  it('is waited for, and node-rdkafka does the rest behind it', async () => {
    const destroyClient = (_: unknown, done: Done): boolean => {
      setTimeout(() => {
        log.push('destroyed')
        done(null)
      }, 300)
      return true
    }
    const ended = endClient(handle, { destroyClient }, 1000)
    await vi.advanceTimersByTimeAsync(300)
    expect(await ended).toBe(true)
    expect(log).toEqual(['destroyed', 'disconnected'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that never comes is not waited for, and the client is not touched again', async () => {
    const ended = endClient(handle, { destroyClient: () => true }, 1000)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await ended).toBe(false)
    expect(log).toEqual([])
  })

  it('is asked for again while somebody uses the client', async () => {
    let uses = 3
    const destroyClient = (_: unknown, done: Done): boolean => {
      if (uses-- > 0) return false
      done(null)
      return true
    }
    const ended = endClient(handle, { destroyClient }, 1000)
    await vi.advanceTimersByTimeAsync(100)
    expect(await ended).toBe(true)
    expect(uses).toBe(-1)
  })

  it('of a client that is disconnected has been', async () => {
    const destroyClient = (): boolean => {
      throw Object.assign(new Error('closed'), { code: 'MR_CLIENT_CLOSED' })
    }
    expect(await endClient(handle, { destroyClient }, 1000)).toBe(true)
    expect(log).toEqual([])
  })
})
