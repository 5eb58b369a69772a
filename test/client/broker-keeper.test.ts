import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { BrokerKeeper } from '../../src/client/broker-keeper.ts'
import { ClientEvents } from '../../src/client/client-events.ts'
import type { NativeHandle } from '../../src/client/node-rdkafka-binding.ts'

const LOOK_AFTER_MS = 10
const LOST = { code: -195, name: '_TRANSPORT', text: 'Connection refused' }
const REFUSED = { code: -169, name: '_AUTHENTICATION', text: 'wrong password' }

describe('the brokers that a client may start from', () => {
  let events: ClientEvents
  let keeper: BrokerKeeper
  /** What a client is told of; undefined = nobody answers. */
  let brokers: readonly object[] | undefined
  let looks: number
  let added: string[]

  beforeEach(() => {
    events = new ClientEvents()
    looks = 0
    added = []
    const handle = {
      getMetadata: (_options: unknown, done: (error: object | null, metadata?: object) => void) => {
        looks++
        setImmediate(() => (brokers === undefined ? done({ code: LOST.code }) : done(null, { brokers, topics: [] })))
      }
    } as unknown as NativeHandle
    const addBrokers = (_handle: object, list: string) => added.push(list)
    keeper = new BrokerKeeper(handle, { addBrokers }, events, 'a:1,b:2', LOOK_AFTER_MS)
  })
  afterEach(() => keeper.close())

  it('are left alone while no connection is lost, and where a broker is named', async () => {
    brokers = [{ id: 1 }]
    await sleep(5 * LOOK_AFTER_MS)
    expect(looks).toBe(0)
    events.onError(LOST)
    events.onError(LOST)
    await expect.poll(() => looks).toBe(1)
    await sleep(5 * LOOK_AFTER_MS)
    expect([looks, added]).toEqual([1, []])
  })

  it.each([
    ['nobody answers', undefined],
    ['whoever answers names none', []]
  ])('are given again while %s, until one is named', async (_when, named) => {
    brokers = named
    events.onError(LOST)
    await expect.poll(() => added.length).toBeGreaterThan(1)
    expect(new Set(added)).toEqual(new Set(['a:1,b:2']))
    brokers = [{ id: 1 }]
    await sleep(5 * LOOK_AFTER_MS)
    const before = looks
    await sleep(5 * LOOK_AFTER_MS)
    expect(looks).toBe(before)
  })

  it('are not given to a client whose credentials were refused: that would be another attempt', async () => {
    brokers = undefined
    events.onError(REFUSED)
    events.onError(LOST)
    await sleep(5 * LOOK_AFTER_MS)
    expect([looks, added]).toEqual([0, []])
  })

  it('are not looked at once the client is being closed', async () => {
    brokers = undefined
    events.onError(LOST)
    await keeper.close()
    await sleep(5 * LOOK_AFTER_MS)
    events.onError(LOST)
    await sleep(5 * LOOK_AFTER_MS)
    expect([looks, added]).toEqual([0, []])
  })
})
