import { plural } from '../model/format-quantities.ts'
import { DIFFERENCE_KINDS, type DifferenceKind } from './difference-list.ts'
import type { PairsToCheck } from './known-pairs.ts'
import type { TopicPairs } from './topic-pairs.ts'
import type { NamedDifference, NamedRedelivery, TopicBounds, TopicVerification } from './verify-types.ts'

/**
 * What was found of a topic, while it is being added up.
 *
 * Invariant: of each kind at most `mostNamed` are named; all are counted.
 */
export class TopicResult {
  readonly bounds: TopicBounds
  readonly #mostNamed: number
  readonly #differences = new Map<DifferenceKind, { count: number; first: NamedDifference[] }>()
  readonly #redelivered: { count: number; first: NamedRedelivery[] } = { count: 0, first: [] }
  readonly #notes = new Set<string>()
  sourceRecords = 0
  targetRecords = 0
  equal = 0
  audited = 0
  readonly before = { source: 0, target: 0 }
  /** Offset pairs of the topic; undefined = none are known. */
  readonly known: PairsToCheck | undefined
  readonly #pairs = { checked: 0, differing: { count: 0, first: [] as NamedDifference[] } }

  constructor(bounds: TopicBounds, mostNamed: number, known?: PairsToCheck) {
    this.bounds = bounds
    this.#mostNamed = mostNamed
    this.known = known
    for (const kind of DIFFERENCE_KINDS) this.#differences.set(kind, { count: 0, first: [] })
  }

  /** All differences, re-deliveries not counted. */
  get different(): number {
    return [...this.#differences.values()].reduce((sum, { count }) => sum + count, 0)
  }

  get pairs(): TopicPairs | undefined {
    return this.known?.pairs
  }

  get differingPairs(): number {
    return this.#pairs.differing.count
  }

  get redelivered(): number {
    return this.#redelivered.count
  }

  add(kind: DifferenceKind, count: number, named: readonly NamedDifference[]): void {
    const list = this.#differences.get(kind)
    if (list === undefined) return
    list.count += count
    list.first.push(...named.slice(0, this.#mostNamed - list.first.length))
  }

  addPairs(checked: number, differing: number, named: readonly NamedDifference[]): void {
    this.#pairs.checked += checked
    this.#pairs.differing.count += differing
    const { first } = this.#pairs.differing
    first.push(...named.slice(0, this.#mostNamed - first.length))
  }

  addRedelivered(count: number, named: readonly NamedRedelivery[]): void {
    this.#redelivered.count += count
    this.#redelivered.first.push(...named.slice(0, this.#mostNamed - this.#redelivered.first.length))
  }

  note(text: string): void {
    this.#notes.add(text)
  }

  finish(): TopicVerification {
    const { target, sources, isOrdered, isRestamped } = this.bounds
    if (isRestamped) this.note('the target stamps its records itself, so timestamps were not compared')
    const uncommitted = this.bounds.sourceRanges.filter(({ isUncommitted }) => isUncommitted === true).length
    if (uncommitted > 0) {
      this.note(
        `the group has committed nothing in ${plural(uncommitted, 'source partition')}: nothing had to be copied`
      )
    }
    if (this.equal === 0 && this.different === 0) this.note('nothing was compared')
    const of = (kind: DifferenceKind): { count: number; first: NamedDifference[] } =>
      this.#differences.get(kind) ?? { count: 0, first: [] }
    return {
      target,
      sources,
      inOrder: isOrdered,
      sourceRecords: this.sourceRecords,
      targetRecords: this.targetRecords,
      equal: this.equal,
      redelivered: this.#redelivered,
      differences: {
        lost: of('lost'),
        duplicate: of('duplicate'),
        reordered: of('reordered'),
        phantom: of('phantom'),
        altered: of('altered')
      },
      ...(this.#pairs.checked + this.#pairs.differing.count > 0 && { pairs: this.#pairs }),
      audited: this.audited,
      before: this.before,
      notes: [...this.#notes]
    }
  }
}
