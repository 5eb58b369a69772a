export interface Page<T> {
  readonly items: readonly T[]
  /** What there is without `cursor` and `limit`; null = only reading all of it would tell. */
  readonly total: number | null
  /** For the next page; null = this was the last. */
  readonly nextCursor: string | null
}
