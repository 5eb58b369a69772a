import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ClientEvents } from '../../src/client/client-events.ts'
import { AdminRequests, type AdminRequestParts } from '../../src/client/admin-requests.ts'

// Answers of a cluster whose coordinator is still on its way, which no real broker gives when it is asked to.

const NOT_COORDINATOR = 16
const UNKNOWN_MEMBER_ID = 25
const GROUP_AUTHORIZATION_FAILED = 30

const TRANSPORT = -195
const TIMED_OUT = -185

/** A client that is there; what it is asked goes to `handle`. */
const opened = (handle: object = {}) => ({
  handle: { disconnect: (done: () => void) => done(), ...handle },
  keeper: { close: async () => undefined },
  pump: { close: async () => undefined }
})

const destroyClient = (_handle: unknown, done: () => void): boolean => {
  done()
  return true
}

type Answer = { readonly fails: number } | { readonly codes: readonly number[] }

const offsets = (answers: Answer[]) => {
  let asked = 0
  const addon = {
    cancelRequests: () => undefined,
    destroyClient,
    admin: (
      _handle: unknown,
      _request: string,
      _args: unknown,
      _timeoutMs: number,
      done: (error: Error | null, answer?: unknown) => void
    ) => {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? { codes: [] }
      if ('fails' in answer) done(Object.assign(new Error('refused'), { rdkafkaCode: answer.fails }))
      else
        done(
          null,
          answer.codes.map((code) => ({ topic: 't', partition: 0, offset: 1, code }))
        )
    }
  }
  const parts = {
    opened: opened(),
    addon,
    events: new ClientEvents(),
    cluster: 'source',
    groupId: 'g',
    requestTimeoutMs: 1000
  }
  const requests = new AdminRequests(parts as unknown as AdminRequestParts)
  const args = { groupId: 'g', partitions: [{ topic: 't', partition: 0 }] }
  const result = requests.retrying('listConsumerGroupOffsets', args, 'offsets could not be read')
  result.catch(() => undefined)
  return { result, asked: () => asked }
}

describe('requests that are repeated', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('asks again after a request that failed as a whole for a reason that passes', async () => {
    const { result, asked } = offsets([{ fails: NOT_COORDINATOR }, { codes: [NOT_COORDINATOR] }, { codes: [0] }])
    await vi.advanceTimersByTimeAsync(500)
    await expect(result).resolves.toMatchObject([{ code: 0 }])
    expect(asked()).toBe(3)
  })

  it.each([UNKNOWN_MEMBER_ID, GROUP_AUTHORIZATION_FAILED])('does not repeat what fails for good: %i', async (fails) => {
    const { result, asked } = offsets([{ fails }])
    await expect(result).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED' })
    expect(asked()).toBe(1)
  })

  it('gives up with the error when it does not pass', async () => {
    const { result, asked } = offsets([{ fails: NOT_COORDINATOR }])
    await vi.advanceTimersByTimeAsync(2000)
    await expect(result).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED', kind: 'retry' })
    expect(asked()).toBeGreaterThan(5)
  })

  it('looks who leads before it asks a moved leader again: librdkafka would go on asking the old one', async () => {
    const NOT_LEADER = 6
    const told: string[] = []
    const addon = {
      destroyClient,
      admin: (
        _handle: unknown,
        request: string,
        _args: unknown,
        _timeoutMs: number,
        done: (...answer: unknown[]) => void
      ) => {
        told.push(request)
        const code = told.includes('metadata of moved') ? 0 : NOT_LEADER
        done(null, [
          { topic: 'moved', partition: 0, offset: 1, code },
          { topic: 'stays', partition: 0, offset: 1, code: 0 }
        ])
      }
    }
    const handle = {
      getMetadata: ({ topic }: { topic: string }, done: (error: null, metadata: object) => void) => {
        told.push(`metadata of ${topic}`)
        done(null, { topics: [], brokers: [] })
      }
    }
    const parts = {
      opened: opened(handle),
      addon,
      events: new ClientEvents(),
      cluster: 'source',
      groupId: 'g',
      requestTimeoutMs: 1000
    }
    const requests = new AdminRequests(parts as unknown as AdminRequestParts)
    const partitions = ['moved', 'stays'].map((topic) => ({ topic, partition: 0, offset: -1 }))
    const result = requests.retrying('listOffsets', { partitions, isolation: 'read_committed' }, 'offsets')
    await vi.advanceTimersByTimeAsync(500)
    await expect(result).resolves.toMatchObject([{ code: 0 }, { code: 0 }])
    expect(told).toEqual(['listOffsets', 'metadata of moved', 'listOffsets'])
  })
})

describe('a coordinator that a client waits for in vain', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const SHORT_OF_DEADLINE_MS = 29_000

  /** The first client remembers a coordinator that is gone; those that are made after it do not. */
  const stuck = ({ brokersAnswer }: { readonly brokersAnswer: boolean }) => {
    const state = { asked: new Array<string>(), opened: 0, closed: 0 }
    const client = (name: string) =>
      opened({
        name,
        disconnect: (done: () => void) => {
          state.closed++
          done()
        },
        getMetadata: ({ timeout }: { timeout: number }, done: (error: object | null, metadata?: object) => void) => {
          if (brokersAnswer) setTimeout(() => done(null, { topics: [], brokers: [] }), 1)
          else setTimeout(() => done({ code: TRANSPORT }), timeout)
        }
      })
    const addon = {
      destroyClient,
      admin: (
        { name }: { name: string },
        request: string,
        _args: unknown,
        timeoutMs: number,
        done: (error: Error | null, answer?: unknown) => void
      ) => {
        state.asked.push(`${name}: ${request}`)
        const timedOut = Object.assign(new Error('timed out'), { rdkafkaCode: TIMED_OUT })
        if (name === 'first') setTimeout(() => done(timedOut), timeoutMs)
        else done(null, [{ topic: 't', partition: 0, offset: 1, code: 0 }])
      }
    }
    const parts = {
      opened: client('first'),
      open: async () => client(`another ${++state.opened}`),
      addon,
      events: new ClientEvents(),
      cluster: 'source',
      groupId: 'g',
      requestTimeoutMs: 30_000
    }
    const requests = new AdminRequests(parts as unknown as AdminRequestParts)
    const ask = async () => {
      const args = { groupId: 'g', partitions: [{ topic: 't', partition: 0 }] }
      return await requests.retrying('listConsumerGroupOffsets', args, 'offsets could not be read')
    }
    return { state, requests, ask }
  }

  it('is found by another client, once for all who wait, and the first is closed', async () => {
    const { state, requests, ask } = stuck({ brokersAnswer: true })
    const results = Promise.all([ask(), ask()])
    await vi.advanceTimersByTimeAsync(SHORT_OF_DEADLINE_MS)
    await expect(results).resolves.toMatchObject([[{ code: 0 }], [{ code: 0 }]])
    expect(state).toMatchObject({ opened: 1, closed: 1 })
    await ask()
    expect(state.asked.at(-1)).toBe('another 1: listConsumerGroupOffsets')
    await requests.close()
    expect(state).toMatchObject({ opened: 1, closed: 2 })
  })

  it('is not looked for by another client while no broker answers', async () => {
    const { state, requests, ask } = stuck({ brokersAnswer: false })
    const result = ask().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(result).resolves.toMatchObject({ code: 'MR_ADMIN_FAILED', kind: 'retry' })
    await requests.close()
    expect(state).toMatchObject({ opened: 0, closed: 1 })
  })
})

describe('a cluster that may be away', () => {
  const lost = { code: -195, name: '_TRANSPORT', text: 'Connection refused' }

  /** Brokers that are there or not. */
  const cluster = () => {
    const state = { isThere: true, told: new Array<string>() }
    const addon = {
      admin: (_handle: unknown, request: string, _args: unknown, _ms: number, done: (...answer: unknown[]) => void) => {
        state.told.push(request)
        done(null, [])
      }
    }
    const handle = {
      getMetadata: (_options: unknown, done: (error: object | null, metadata?: object) => void) => {
        state.told.push('metadata')
        setTimeout(() => (state.isThere ? done(null, { topics: [], brokers: [] }) : done({ code: lost.code })))
      }
    }
    const events = new ClientEvents()
    const parts = { opened: opened(handle), addon, events, cluster: 'source', requestTimeoutMs: 100 }
    return { state, events, requests: new AdminRequests(parts as unknown as AdminRequestParts) }
  }
  const request = async ({ requests }: ReturnType<typeof cluster>) =>
    await requests.send('createTopics', { topics: [] }, 'w')

  it('is asked whether it is there before anything that librdkafka would insist on', async () => {
    const asked = cluster()
    await request(asked)
    asked.events.onError(lost)
    await request(asked)
    await request(asked)
    expect(asked.state.told).toEqual(['createTopics', 'metadata', 'createTopics', 'createTopics'])
  })

  it('is asked for nothing else while it is away, and the error is one that passes', async () => {
    const asked = cluster()
    asked.state.isThere = false
    asked.events.onError(lost)
    await expect(request(asked)).rejects.toMatchObject({ code: 'MR_ADMIN_FAILED', kind: 'retry' })
    expect(new Set(asked.state.told)).toEqual(new Set(['metadata']))
    asked.state.isThere = true
    await request(asked)
    expect(asked.state.told.slice(-2)).toEqual(['metadata', 'createTopics'])
  })
})

describe('metadata', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A broker that takes `answerMs` for all topics and 1 ms for itself, or none at all. */
  const cluster = (answerMs: number | undefined) => {
    const asked: string[] = []
    const handle = {
      getMetadata: (
        { allTopics, timeout }: { allTopics: boolean; timeout: number },
        done: (error: object | null, metadata?: object) => void
      ) => {
        asked.push(allTopics ? 'all topics' : 'brokers')
        const takes = allTopics ? answerMs : 1
        if (answerMs === undefined || takes === undefined) setTimeout(() => done({ code: TRANSPORT }), timeout)
        else if (takes > timeout) setTimeout(() => done({ code: TIMED_OUT }), timeout)
        else setTimeout(() => done(null, { topics: [{ name: 't', partitions: [] }], brokers: [] }), takes)
      }
    }
    const parts = {
      opened: opened(handle),
      addon: { cancelRequests: () => undefined, destroyClient },
      events: new ClientEvents(),
      cluster: 'source',
      requestTimeoutMs: 30_000
    }
    return { asked, requests: new AdminRequests(parts as unknown as AdminRequestParts) }
  }

  it('asks a cluster that needs long to tell of its many topics once, not again and again', async () => {
    const { asked, requests } = cluster(20_000)
    const result = requests.metadata(true, 'topics')
    await vi.advanceTimersByTimeAsync(21_000)
    await expect(result).resolves.toMatchObject({ topics: [{ name: 't' }] })
    expect(asked).toEqual(['brokers', 'all topics'])
  })

  it('keeps its deadline where no answer comes', async () => {
    const { requests } = cluster(60_000)
    const result = requests.metadata(true, 'topics').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(30_100)
    await expect(result).resolves.toMatchObject({ code: 'MR_ADMIN_FAILED', kind: 'retry' })
  })

  it('is closed soon where no broker is there, and asks nothing more', async () => {
    const { asked, requests } = cluster(undefined)
    const result = requests.metadata(true, 'topics').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(1000)
    const closed = requests.close()
    const before = asked.length
    await vi.advanceTimersByTimeAsync(250)
    await closed
    await expect(result).resolves.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
    expect(asked.length).toBe(before)
  })
})
