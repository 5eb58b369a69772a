import { UsageError } from './usage-error.ts'

/** A source topic: how many records of which kind. */
export interface Shape {
  readonly name: string
  readonly records: number
  /** Of one value; keys are null. */
  readonly bytes: number
  readonly codec: 'none' | 'lz4'
  /** JSON-like compresses to about a third, random not at all. */
  readonly payload: 'random' | 'json'
}

export const PARTITIONS = 16
const QUICK_DIVISOR = 5

export const MIRROR_SHAPES: readonly Shape[] = [
  { name: '100B', records: 5_000_000, bytes: 100, codec: 'none', payload: 'random' },
  { name: '1kB', records: 1_000_000, bytes: 1_000, codec: 'none', payload: 'random' },
  { name: '1kB-lz4', records: 1_000_000, bytes: 1_000, codec: 'lz4', payload: 'json' },
  { name: '10kB', records: 100_000, bytes: 10_000, codec: 'none', payload: 'random' }
]

/** The shapes of a run. A number of records replaces that of every shape. */
export function chooseShapes(
  names: readonly string[] | undefined,
  { quick = false, records }: { readonly quick?: boolean; readonly records?: number | undefined }
): readonly Shape[] {
  const unknown = names?.find((name) => !MIRROR_SHAPES.some((shape) => shape.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`no such shape: ${unknown}; there are ${MIRROR_SHAPES.map(({ name }) => name).join(', ')}`)
  }
  return MIRROR_SHAPES.filter(({ name }) => names?.includes(name) ?? true).map((shape) => ({
    ...shape,
    records: records ?? (quick ? shape.records / QUICK_DIVISOR : shape.records)
  }))
}
