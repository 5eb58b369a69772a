import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RenewedHandle, type OpenHandle } from '../../src/client/admin-handle.ts'
import { ClientEvents } from '../../src/client/client-events.ts'
import type { ClientEvent } from '../../src/client/types.ts'

const opened = (name: string): OpenHandle =>
  ({
    handle: { name, disconnect: (done: () => void) => done() },
    keeper: { close: async () => undefined },
    pump: { close: async () => undefined }
  }) as unknown as OpenHandle

describe('a client that librdkafka never ends', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('holds up nobody for long, and is told', async () => {
    const told: ClientEvent[] = []
    const events = new ClientEvents()
    let isComplete = false
    events.stream.subscribe({ next: (event) => told.push(event), complete: () => (isComplete = true) })
    const addon = {
      cancelRequests: () => undefined,
      destroyClient: (client: object, done: (error: Error | null) => void) => {
        if ('name' in client && client.name !== 'first') done(null)
        return true
      }
    }
    const renewed = new RenewedHandle(opened('first'), async () => opened('second'), addon, events)
    await renewed.renew(renewed.current)
    const closed = renewed.close()
    await vi.advanceTimersByTimeAsync(10_000)
    await closed
    expect(told).toEqual([{ type: 'left-behind' }])
    expect(isComplete).toBe(true)
  })
})
