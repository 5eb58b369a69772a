import type { AuditedOffsets } from './audited-offsets.ts'
import { DifferenceList, type DifferenceKind } from './difference-list.ts'
import { DigestIndex } from './digest-index.ts'
import { DigestRing } from './digest-ring.ts'
import { type Agreement, LOOKAHEAD, findAgreement } from './find-agreement.ts'
import { inOrder } from './in-order.ts'
import type { PendingDigests } from './pending-digests.ts'
import { Redeliveries, type Redelivery } from './redeliveries.ts'
import { Unmatched, type UnmatchedRecord } from './unmatched.ts'

export interface AlignerOptions {
  /** What the audit trail says of source records. */
  readonly audited?: Pick<AuditedOffsets, 'at'> | undefined
  /** Source records at or beyond this offset may be missing at the target: they were not committed yet. */
  readonly requiredTo: number
  /** Where the source and the target end: the side that has more left is the one that has more than the other. */
  readonly sourceTo: number
  readonly targetTo: number
  /** Digests of the source that are kept, a power of two: half of it behind, half ahead. 40 bytes each. */
  readonly window: number
  /** Records without a counterpart that are kept, on either side. */
  readonly mostUnmatched: number
  /** Places that are named of each kind of difference. */
  readonly mostNamed: number
  /** The source has lost its beginning: what the target has before the first common record is not looked for. */
  readonly sourceTrimmed: boolean
  /** Likewise the target, or it is not known where the copy began. */
  readonly targetTrimmed: boolean
}

/** A record of the source and what the target has in its place: altered, or lost and a phantom. */
export interface AlteredPair {
  readonly source: number
  readonly target: number
}

export interface Alignment {
  readonly compared: number
  readonly redelivered: number
  readonly redeliveries: readonly Redelivery[]
  readonly differences: Readonly<Record<Exclude<DifferenceKind, 'altered'>, DifferenceList>>
  /** To be looked at before they count as altered. */
  readonly pairs: readonly AlteredPair[]
  /** Beyond what is named. */
  readonly morePairs: number
  /** Records that differ as the audit trail says. */
  readonly audited: number
  /** Records before the first common one that only one side still has. */
  readonly before: { readonly source: number; readonly target: number }
  /** More was unmatched than could be kept, so that lost, duplicate, phantom and altered may be taken for each other. */
  readonly isRough: boolean
}

export interface SideFlags {
  readonly source: boolean
  readonly target: boolean
}

/**
 * Holds the digests of a target partition against those of its source, in order, in one go.
 *
 * The target should be the source, in which the mirror may have gone back any number of times and delivered again from
 * there (at-least-once). Where they disagree, the nearest spot is looked for where both agree again: further on in the
 * source (what lies between is missing), or behind (a re-delivery).
 *
 * Invariant: every source record below `#high` was matched, counted or is in `#missing`; every target record below
 * `#at` was matched, counted or is in `#extra`. `#cursor` is below `#high` exactly during a re-delivery.
 */
export class SequenceAligner {
  readonly #options: AlignerOptions
  readonly #source: DigestRing
  readonly #target = new DigestRing(4 * LOOKAHEAD)
  readonly #index: DigestIndex
  readonly #missing: Unmatched
  readonly #extra: Unmatched
  readonly #differences: Alignment['differences']
  readonly #redeliveries: Redeliveries
  /** Passed over at the target since both sides last agreed. */
  #passed: UnmatchedRecord[] = []
  #cursor = 0
  #high = 0
  #at = 0
  #compared = 0
  #audited = 0
  #before = { source: 0, target: 0 }
  #isRough = false
  /** What is loaded was searched in vain: load as much of the source as there is room for. */
  #searchesFurther = false
  #targetEnded = false

  constructor(options: AlignerOptions) {
    this.#options = options
    this.#source = new DigestRing(options.window)
    this.#index = new DigestIndex(this.#source)
    this.#missing = new Unmatched(options.mostUnmatched)
    this.#extra = new Unmatched(options.mostUnmatched)
    const list = (): DifferenceList => new DifferenceList(options.mostNamed)
    this.#differences = { lost: list(), duplicate: list(), reordered: list(), phantom: list() }
    this.#redeliveries = new Redeliveries(options.mostNamed, this.#differences.duplicate)
  }

  /**
   * Compares as much as it can. `ended`: nothing will be added to these pending digests any more. Returns which side it
   * waits for; undefined = done.
   */
  advance(source: PendingDigests, target: PendingDigests, ended: SideFlags): 'source' | 'target' | undefined {
    for (;;) {
      this.#source.load(source, Math.max(0, this.#sourceRoom()))
      this.#target.load(target, this.#target.capacity - (this.#target.end - this.#at))
      this.#targetEnded = ended.target && target.count === 0
      this.#match()
      if (this.#at === this.#target.end) {
        if (target.count > 0) continue
        if (!ended.target) return 'target'
        this.#passRest()
        if (source.count > 0) continue
        return ended.source ? undefined : 'source'
      }
      if (this.#cursor === this.#source.end && !(ended.source && source.count === 0)) {
        if (source.count > 0) continue
        return 'source'
      }
      const wanted = this.#wanted(source, target, ended)
      if (wanted !== undefined) return wanted
      this.#resolve(ended.source && source.count === 0)
    }
  }

  /** After `advance` has said that it is done. */
  finish(): Alignment {
    const { mostNamed } = this.#options
    const { lost, phantom } = this.#differences
    const pairs: AlteredPair[] = []
    let morePairs = 0
    for (const { partner, offset } of this.#missing.left()) {
      if (partner === undefined || partner.settled) lost.add({ source: offset })
      else if (pairs.length < mostNamed) pairs.push({ source: offset, target: partner.offset })
      else if (this.#options.audited?.at(offset) === 'altered') this.#audited++
      else morePairs++
    }
    for (const { partner, offset } of this.#extra.left()) {
      if (partner === undefined || partner.settled) phantom.add({ target: offset })
    }
    return {
      compared: this.#compared,
      redelivered: this.#redeliveries.count,
      redeliveries: this.#redeliveries.first,
      differences: this.#differences,
      pairs,
      morePairs,
      audited: this.#audited,
      before: this.#before,
      isRough: this.#isRough
    }
  }

  /** Half of the ring is for what lies ahead; nothing that is still compared may be overwritten. */
  #sourceRoom(): number {
    const { capacity, end } = this.#source
    return Math.min(capacity / 2 - (end - this.#high), capacity - (end - this.#cursor))
  }

  #match(): void {
    const [source, target] = [this.#source, this.#target]
    while (this.#cursor < source.end && this.#at < target.end && source.equals(this.#cursor, target, this.#at)) {
      if (this.#cursor < this.#high) this.#noteAgain(this.#cursor, this.#at)
      else {
        this.#compared++
        this.#high = this.#cursor + 1
        if (this.#extra.mayHave(source.words[source.at(this.#cursor)] ?? 0)) this.#noteStray(this.#cursor)
      }
      this.#at++
      this.#cursor++
    }
    if (this.#cursor === this.#high) this.#redeliveries.pass(true)
  }

  #noteAgain(place: number, at: number): void {
    const [source, target] = [this.#source.offset(place), this.#target.offset(at)]
    if (this.#missing.settlePlace(place) === undefined) this.#redeliveries.note(source, target, place)
    else this.#noteReordered(source, target)
  }

  /** What was taken for a phantom may be the first of two. */
  #noteStray(place: number): void {
    const stray = this.#extra.settle(this.#source.key(place))
    if (stray === undefined) return
    this.#differences.duplicate.add({ source: this.#source.offset(place), target: stray.offset })
  }

  #noteReordered(source: number, target: number): void {
    this.#differences.reordered.add({ source, target })
    this.#compared++
  }

  /** Which side has to be read further before a disagreement can be judged. */
  #wanted(source: PendingDigests, target: PendingDigests, ended: SideFlags): 'source' | 'target' | undefined {
    if (target.count === 0 && !ended.target && this.#target.end - this.#at < LOOKAHEAD) return 'target'
    if (source.count > 0 || ended.source || this.#sourceRoom() <= 0) return undefined
    return this.#searchesFurther || this.#source.end - this.#high < LOOKAHEAD ? 'source' : undefined
  }

  /** Both sides stand at records that differ, or the source has ended. */
  #resolve(sourceEnded: boolean): void {
    const found = findAgreement({
      source: this.#source,
      index: this.#index,
      high: this.#high,
      target: this.#target,
      at: this.#at,
      targetEnded: this.#targetEnded
    })
    if (found?.isSure !== true && !this.#searchesFurther && !sourceEnded && this.#sourceRoom() > 0) {
      this.#searchesFurther = true
      return
    }
    if (found === undefined) {
      this.#skip()
    } else {
      this.#searchesFurther = false
      this.#jump(found)
    }
  }

  /** Goes on where both sides agree; what was passed over is missing or extra. */
  #jump({ place, skipped }: Agreement): void {
    const isFurther = place >= this.#high
    this.#passTarget(skipped, isFurther ? place : this.#high)
    if (isFurther) {
      this.#redeliveries.pass(this.#cursor === this.#high)
      this.#passSource(place)
      this.#cursor = place
    } else {
      // Further back than it was is one more fall-back; a leap forward is none.
      if (this.#cursor < this.#high && place > this.#cursor) this.#redeliveries.pass(false)
      this.#cursor = place
      this.#passed = []
    }
  }

  /** The next records of the target are nowhere in the source's window: passes over what the side with more left has. */
  #skip(): void {
    const { sourceTo, targetTo } = this.#options
    if (this.#cursor < this.#high) this.#redeliveries.pass(false)
    this.#cursor = this.#high
    const sourceLeft = this.#source.end > this.#high ? sourceTo - this.#source.offset(this.#high) : 0
    if (sourceLeft > targetTo - this.#target.offset(this.#at)) this.#passSource(this.#source.end)
    else this.#passTarget(Math.min(LOOKAHEAD, this.#target.end - this.#at), this.#high)
    this.#cursor = this.#high
  }

  /** The target's next records are not where they should be: these are not in the source, or elsewhere in it. */
  #passTarget(count: number, sourceTo: number): void {
    const isBefore = this.#compared === 0 && this.#options.sourceTrimmed
    for (let at = this.#at; at < this.#at + count; at++) {
      const target = this.#target.offset(at)
      const key = this.#target.key(at)
      const missing = this.#missing.settle(key)
      if (missing !== undefined) {
        this.#noteReordered(missing.offset, target)
        continue
      }
      const known = this.#index.find(this.#target, at)
      const seen = known.find((place) => place < this.#high)
      if (seen !== undefined && !known.some((place) => place >= this.#high && place < sourceTo)) {
        this.#differences.duplicate.add({ source: this.#source.offset(seen), target })
      } else if (isBefore) {
        this.#before.target++
      } else {
        const record = this.#extra.add(key, target, -1)
        if (record === undefined) this.#countRough('phantom', { target })
        else this.#passed.push(record)
      }
    }
    this.#at += count
  }

  /** The source records up to `to` are not where they should be in the target. */
  #passSource(to: number): void {
    const isBefore = this.#compared === 0 && this.#options.targetTrimmed
    const inGap = new Set(this.#passed)
    const moved: { source: number; target: number; isNear: boolean }[] = []
    const unmatched: UnmatchedRecord[] = []
    for (let place = this.#high; place < to; place++) {
      const source = this.#source.offset(place)
      const key = this.#source.key(place)
      const extra = this.#extra.settle(key)
      if (extra !== undefined) {
        moved.push({ source, target: extra.offset, isNear: inGap.has(extra) })
      } else if (source >= this.#options.requiredTo) {
        continue
      } else if (this.#options.audited?.at(source) === 'removed') {
        this.#audited++
      } else if (isBefore) {
        this.#before.source++
      } else {
        const record = this.#missing.add(key, source, place)
        if (record === undefined) this.#countRough('lost', { source })
        else unmatched.push(record)
      }
    }
    this.#noteMoved(moved)
    pairUp(
      unmatched,
      this.#passed.filter(({ settled }) => !settled)
    )
    this.#passed = []
    this.#high = to
  }

  /** Of records that changed places nearby only those that are out of order count. */
  #noteMoved(moved: readonly { source: number; target: number; isNear: boolean }[]): void {
    const near = moved.filter(({ isNear }) => isNear)
    const kept = inOrder(near.map(({ target }) => target))
    const inPlace = new Set(near.filter((_, index) => kept[index]))
    for (const record of moved) {
      if (inPlace.has(record)) this.#compared++
      else this.#noteReordered(record.source, record.target)
    }
  }

  /** The target has ended: what the source has left is not there. */
  #passRest(): void {
    // A re-delivery that the target's end has cut short.
    this.#redeliveries.pass(true)
    this.#passSource(this.#source.end)
    this.#cursor = this.#high
  }

  #countRough(kind: 'lost' | 'phantom', place: { readonly source?: number; readonly target?: number }): void {
    this.#isRough = true
    this.#differences[kind].add(place)
  }
}

/** What stands side by side may be a record and its altered copy. */
function pairUp(missing: readonly UnmatchedRecord[], extra: readonly UnmatchedRecord[]): void {
  for (const [index, record] of missing.entries()) {
    const other = extra[index]
    if (other === undefined) return
    record.partner = other
    other.partner = record
  }
}
