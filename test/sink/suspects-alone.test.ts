import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SendTarget } from '../../src/client/types.ts'
import type { BatchPayload, RecordView } from '../../src/model/batch.ts'
import type { DeliveryFailure, Settlement } from '../../src/model/settlement.ts'
import { RECORD_FRAME_BYTES } from '../../src/sink/record-bounds.ts'
import { SuspectsAlone } from '../../src/sink/suspects-alone.ts'
import { FakePayload, type HeldCount } from '../client/fake-payload.ts'

const SOURCE = { topic: 'orders', partition: 0 }
const TARGET: SendTarget = { topic: 'copy', partition: 0, lane: 7 }
const LARGEST = 10

type Fate = 'delivered' | 'skipped' | 'stopped' | 'blocked'

const settle = async () => await new Promise((resolve) => setImmediate(resolve))

/** A producer that answers in order when it is told to, and one aside that decides by offset. */
class Ground {
  readonly held: HeldCount = { records: 0 }
  readonly done: { readonly offset: number; readonly how: 'sent' | Fate }[] = []
  readonly waiting: { readonly offsets: number[]; readonly answer: (result: Settlement) => void }[] = []
  readonly fates = new Map<number, Fate>()
  /** How many sends were on their way when one went alone. */
  readonly besideAlone: number[] = []
  fateful = 0
  readonly suspects = new SuspectsAlone({
    send: async (payload) => await this.#send(payload),
    sendAlone: async (payload) => await this.#sendAlone(payload),
    limitsOf: () => ({ maxMessageBytes: LARGEST + RECORD_FRAME_BYTES })
  })

  /** `offsets` in one batch, those in `large` over the limit. */
  async send(offsets: readonly number[], large: ReadonlySet<number>): Promise<Settlement> {
    const records = offsets.map((offset): RecordView => {
      const value = Buffer.alloc(large.has(offset) ? LARGEST + 1 : LARGEST)
      return { offset, timestamp: 1, key: null, value, headers: [] }
    })
    this.held.records += records.length
    return await this.suspects.send(new FakePayload(records, this.held), SOURCE, TARGET)
  }

  answer(failure?: DeliveryFailure): void {
    const next = this.waiting.shift()
    if (next === undefined) return
    const { offsets, answer } = next
    if (failure === undefined) this.done.push(...offsets.map((offset) => ({ offset, how: 'sent' as const })))
    answer({
      delivered: failure === undefined ? offsets.length : 0,
      altered: 0,
      runs: [],
      ...(failure !== undefined && { failure })
    })
  }

  async #send(payload: BatchPayload): Promise<Settlement> {
    const offsets = (payload as FakePayload).surrender().map(({ offset }) => offset)
    return await new Promise((answer) => this.waiting.push({ offsets, answer }))
  }

  async #sendAlone(payload: BatchPayload): Promise<Settlement> {
    const [record, ...others] = (payload as FakePayload).surrender()
    expect(others).toEqual([])
    this.besideAlone.push(this.waiting.length)
    await settle()
    const offset = record?.offset ?? -1
    const how = this.fates.get(offset) ?? 'delivered'
    this.done.push({ offset, how })
    if (how === 'delivered') return { delivered: 1, altered: 0, runs: [] }
    if (how === 'skipped') return { delivered: 0, altered: 0, runs: [], setAside: { deadLettered: 0, skipped: 1 } }
    return { delivered: 0, altered: 0, runs: [], failure: failureAt(offset, how === 'stopped' ? 'refused' : 'blocked') }
  }
}

function failureAt(offset: number, kind: DeliveryFailure['kind']): DeliveryFailure {
  return { code: 10, name: 'MSG_SIZE_TOO_LARGE', offset, count: 1, kind }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

describe('a batch without suspects', () => {
  it('goes straight through, many at a time', () => {
    const ground = new Ground()
    for (const from of [0, 10, 20]) void ground.send(range(from, from + 10), new Set())
    expect(ground.waiting.map(({ offsets }) => offsets[0])).toEqual([0, 10, 20])
  })

  it('goes straight through again after one with suspects', async () => {
    const ground = new Ground()
    void ground.send([0, 1], new Set([0, 1]))
    void ground.send([2, 3], new Set())
    void ground.send([4, 5], new Set())
    for (let turn = 0; turn < 10; turn += 1) await settle()
    expect(ground.waiting.map(({ offsets }) => offsets)).toEqual([
      [2, 3],
      [4, 5]
    ])
    void ground.send([6], new Set())
    expect(ground.waiting).toHaveLength(3)
  })
})

describe('a suspect', () => {
  it('waits for what is before it, and what is behind it waits for it', async () => {
    const ground = new Ground()
    const results = [ground.send([0, 1], new Set()), ground.send([2, 3, 4], new Set([3])), ground.send([5], new Set())]
    await settle()
    expect(ground.waiting.map(({ offsets }) => offsets)).toEqual([[0, 1]])
    for (let turn = 0; turn < 20; turn += 1) {
      ground.answer()
      await settle()
    }
    expect((await Promise.all(results)).map(({ delivered }) => delivered)).toEqual([2, 3, 1])
    expect(ground.done.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5])
    expect(ground.besideAlone).toEqual([0])
  })

  it('that is refused for good takes nothing behind it along, until somebody says go', async () => {
    const ground = new Ground()
    ground.fates.set(1, 'stopped')
    const results = await Promise.all([
      ground.send([1, 2, 3], new Set([1])),
      ground.send([4, 5], new Set()),
      ground.send([6], new Set([6]))
    ])
    expect(results.map(({ failure }) => failure)).toMatchObject([
      { kind: 'refused', offset: 1, count: 3 },
      { kind: 'blocked', offset: 4, count: 2 },
      { kind: 'blocked', offset: 6, count: 1 }
    ])
    expect(await ground.send([7], new Set())).toMatchObject({ failure: { kind: 'blocked', offset: 7 } })
    ground.suspects.unblock(SOURCE)
    void ground.send([1], new Set())
    expect(ground.waiting.map(({ offsets }) => offsets)).toEqual([[1]])
    ground.answer()
    expect(ground.held.records).toBe(0)
  })

  it('is not sent when a batch before it was not delivered', async () => {
    const ground = new Ground()
    const first = ground.send([0], new Set())
    const second = ground.send([1], new Set([1]))
    const third = ground.send([2], new Set())
    ground.answer(failureAt(0, 'purged'))
    expect((await Promise.all([first, second, third])).map(({ failure }) => failure?.kind)).toEqual([
      'purged',
      'blocked',
      'blocked'
    ])
    expect(ground.done).toEqual([])
  })

  it('may be learned from a refusal: its range goes alone once, and is forgotten', async () => {
    const ground = new Ground()
    ground.suspects.suspect(SOURCE, [{ offset: 3, count: 2 }])
    const sends = [ground.send(range(0, 10), new Set()), ground.send(range(10, 20), new Set())]
    for (let turn = 0; turn < 20; turn += 1) {
      await settle()
      ground.answer()
    }
    await Promise.all(sends)
    expect(ground.besideAlone).toEqual([0, 0])
    expect(ground.done.filter(({ how }) => how === 'delivered').map(({ offset }) => offset)).toEqual([3, 4])
    expect(ground.done.map(({ offset }) => offset)).toEqual(range(0, 20))
    void ground.send(range(20, 30), new Set())
    expect(ground.waiting).toHaveLength(1)
  })

  it('is one of very many in one batch', async () => {
    const ground = new Ground()
    const offsets = range(0, 1000).filter((offset) => offset % 7 !== 0)
    const large = new Set(offsets.filter((offset) => offset % 3 === 0))
    const sent = ground.send(offsets, large)
    let over = false
    void sent.then(() => (over = true))
    while (!over) {
      await settle()
      ground.answer()
    }
    expect((await sent).delivered).toBe(offsets.length)
    expect(ground.done.map(({ offset }) => offset)).toEqual(offsets)
  })
})

const anyBatches = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }).chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    fates: fc.array(fc.option(fc.constantFrom<Fate>('delivered', 'skipped', 'stopped', 'blocked')), {
      minLength: sizes.reduce((sum, size) => sum + size, 0),
      maxLength: sizes.reduce((sum, size) => sum + size, 0)
    }),
    schedule: fc.infiniteStream(fc.boolean())
  })
)

describe('whatever is suspected, and whenever answers come', () => {
  it('records keep their order, suspects go alone, and everything is given back', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async ({ sizes, fates, schedule }) => {
        const ground = new Ground()
        const large = new Set<number>()
        for (const [offset, fate] of fates.entries()) {
          if (fate === null) continue
          large.add(offset)
          ground.fates.set(offset, fate)
        }
        const results: Promise<Settlement>[] = []
        let from = 0
        let over = 0
        for (const size of sizes) {
          results.push(ground.send(range(from, from + size), large))
          from += size
          if (schedule.next().value) await settle()
        }
        for (const result of results) void result.then(() => (over += 1))
        while (over < results.length) {
          await settle()
          if (schedule.next().value) ground.answer()
        }
        const failing = fates.findIndex((fate) => fate === 'stopped' || fate === 'blocked')
        const end = failing < 0 ? from : failing + 1
        expect(ground.done.map(({ offset }) => offset)).toEqual(range(0, end))
        expect(ground.besideAlone.every((others) => others === 0)).toBe(true)
        expect(ground.held.records).toBe(0)
        const settled = await Promise.all(results)
        const counted = settled.map(({ delivered, setAside, failure }) => {
          return delivered + (setAside?.skipped ?? 0) + (setAside?.deadLettered ?? 0) + (failure?.count ?? 0)
        })
        expect(counted).toEqual(sizes)
      }),
      { numRuns: 60 }
    )
  })
})
