import { describe, expect, it } from 'vitest'
import type { MayRepeat } from '../../src/model/may-repeat.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import type { FakeProducer } from '../client/fake-producer.ts'
import { committedOf, eventsOf, fill, startMirror, until, valuesOf } from './mirror-under-test.ts'
import type { MirrorUnderTest } from './mirror-under-test.ts'

const PARTITIONS = 4
const STEPS = 40
const SEEDS = Array.from({ length: Number(process.env['CHAOS_SEEDS'] ?? 8) }, (_, index) => index + 1)
const FATAL = { type: 'error', code: -150, name: '_FATAL', text: 'fenced', fatal: true, authentication: false } as const

/** mulberry32: a small generator whose whole run follows from its seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/**
 * Members come and go, targets are slow, producers fail for good, records and commits are refused, all from
 * one seed.
 */
class Chaos {
  readonly source = new FakeCluster()
  readonly target = new FakeCluster()
  readonly #random: (below: number) => number
  readonly members: MirrorUnderTest[] = []
  readonly mayRepeat: MayRepeat[] = []
  readonly #producers = new Set<FakeProducer>()
  readonly failures: unknown[] = []
  /** The value of a record that the target does not take. */
  #refused: string | undefined

  constructor(seed: number) {
    this.#random = randomFrom(seed)
    this.source.createTopic('orders', PARTITIONS)
    this.target.createTopic('orders', PARTITIONS)
  }

  async run(): Promise<void> {
    this.#join()
    for (let step = 0; step < STEPS; step++) {
      await this.#step()
      await new Promise((resolve) => setTimeout(resolve, this.#random(12)))
    }
    // What was refused stays with its member: the next one may copy it.
    this.#refused = undefined
    await this.#leaveAll(30)
    this.#join()
    for (const producer of this.#producers) producer.deliver()
    for (const { consumer } of this.members) consumer.commitCode = 0
    await until('all commits', () => this.#isAllCommitted(), 8000)
  }

  async stop(): Promise<void> {
    await this.#leaveAll(1000)
  }

  async #leaveAll(timeoutMs: number): Promise<void> {
    for (let [member] = this.members; member !== undefined; [member] = this.members)
      await this.#leave(member, timeoutMs)
  }

  #isAllCommitted(): boolean {
    return Array.from({ length: PARTITIONS }, (_, partition) => partition).every((partition) => {
      const { end } = this.source.log({ topic: 'orders', partition })
      return end === 0 || committedOf(this.source, 'orders', partition) === end
    })
  }

  async #step(): Promise<void> {
    const partition = this.#random(PARTITIONS)
    const member = this.members[this.#random(Math.max(1, this.members.length))]
    switch (this.#random(14)) {
      case 0:
        if (this.members.length < 3) this.#join()
        break
      case 1:
        if (member !== undefined && this.members.length > 1) await this.#leave(member, this.#random(2) * 30)
        break
      case 2:
        member?.producers.at(-1)?.eventSubject.next(FATAL)
        break
      case 3:
        this.source.skip('orders', partition, 1 + this.#random(3))
        break
      case 4:
        member?.producers.at(-1)?.hold()
        break
      case 5:
      case 6:
        member?.producers.at(-1)?.deliver(this.#random(4) === 0 ? 1 + this.#random(3) : undefined)
        break
      case 7:
        if (member !== undefined) member.consumer.commitCode = this.#random(2) * 27
        break
      case 8:
        this.#refused = `${partition}:${this.source.log({ topic: 'orders', partition }).end}`
        break
      default:
        fill(this.source, 'orders', partition, 1 + this.#random(60))
    }
  }

  #join(): void {
    const member = startMirror({
      source: this.source,
      target: this.target,
      options: { inFlightBytes: 40_000, pollBytes: 10_000, drainTimeoutMs: 40, commitIntervalMs: 10 },
      onProducer: (producer) => {
        this.#producers.add(producer)
        producer.refuse = ({ value }) => {
          return Buffer.from(value ?? []).toString() === this.#refused
            ? { code: 10, name: 'MSG_SIZE_TOO_LARGE' }
            : undefined
        }
      }
    })
    member.consumer.maxRecords = 1 + this.#random(20)
    this.members.push(member)
  }

  async #leave(member: MirrorUnderTest, timeoutMs: number): Promise<void> {
    this.members.splice(this.members.indexOf(member), 1)
    this.mayRepeat.push(...(await member.mirror.stop(timeoutMs)))
    for (const { ranges } of eventsOf(member, 'may-repeat')) this.mayRepeat.push(...ranges)
    expect(member.consumer.heldRecords()).toBe(0)
    this.failures.push(...member.failures)
  }
}

/** The first delivery of each record is in order; what is there again was told as what may repeat. */
function expectAtLeastOnce(chaos: Chaos, partition: number): void {
  const copied = valuesOf(chaos.target, 'orders', partition)
  expect([...new Set(copied)]).toEqual(valuesOf(chaos.source, 'orders', partition))
  const told = chaos.mayRepeat.filter((range) => range.partition === partition)
  const untold = copied.filter((value, index) => {
    const offset = Number(value.split(':')[1])
    return copied.indexOf(value) < index && !told.some(({ from, to }) => offset >= from && offset < to)
  })
  expect(untold).toEqual([])
}

describe('members, targets and producers that fail at random lose nothing and keep order', () => {
  it.each(SEEDS)(
    'seed %d',
    async (seed) => {
      const chaos = new Chaos(seed)
      await chaos.run()
      await chaos.stop()
      expect(chaos.failures).toEqual([])
      for (let partition = 0; partition < PARTITIONS; partition++) {
        expectAtLeastOnce(chaos, partition)
      }
    },
    20_000
  )
})

describe('without any fault', () => {
  it('there is no duplicate', async () => {
    const source = new FakeCluster()
    const target = new FakeCluster()
    source.createTopic('orders', 3)
    target.createTopic('orders', 3)
    for (const partition of [0, 1, 2]) fill(source, 'orders', partition, 500)
    const first = startMirror({ source, target, options: { inFlightBytes: 40_000, pollBytes: 10_000 } })
    await until('a beginning', () => target.records('orders', 0).length > 50)
    expect(await first.mirror.stop(2000)).toEqual([])
    const second = startMirror({ source, target })
    const third = startMirror({ source, target })
    await until('all commits', () => [0, 1, 2].every((partition) => committedOf(source, 'orders', partition) === 500))
    for (const { mirror } of [second, third]) expect(await mirror.stop(2000)).toEqual([])
    for (const partition of [0, 1, 2]) {
      expect(valuesOf(target, 'orders', partition)).toEqual(valuesOf(source, 'orders', partition))
    }
  })
})
