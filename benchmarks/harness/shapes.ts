import { UsageError } from './usage-error.ts'

export type Codec = 'none' | 'lz4' | 'zstd'
/** JSON-like compresses to about a third, random not at all. */
export type Payload = 'random' | 'json'

/** A source topic: how many records of which kind. */
export interface Shape {
  readonly name: string
  readonly records: number
  /** Of one value; keys are null. */
  readonly bytes: number
  readonly codec: Codec
  readonly payload: Payload
}

export interface ShapeChoice {
  readonly quick?: boolean
  /** The whole matrix. */
  readonly full?: boolean
  readonly records?: number | undefined
}

export const PARTITIONS = 16
const QUICK_DIVISOR = 5

const SIZES = [
  { name: '100B', records: 5_000_000, bytes: 100 },
  { name: '1kB', records: 1_000_000, bytes: 1_000 },
  { name: '10kB', records: 100_000, bytes: 10_000 },
  { name: '100kB', records: 10_000, bytes: 100_000 }
]
const CODECS: readonly Codec[] = ['none', 'lz4', 'zstd']
const PAYLOADS: readonly Payload[] = ['random', 'json']

/** Every size, codec and payload. */
export const ALL_SHAPES: readonly Shape[] = SIZES.flatMap((size) =>
  CODECS.flatMap((codec) =>
    PAYLOADS.map((payload) => ({ ...size, name: shapeName(size.name, codec, payload), codec, payload }))
  )
)

const USUAL = ['100B', '1kB', '1kB-lz4', '10kB']

/** The shapes of a run. A number of records replaces that of every shape. */
export function chooseShapes(names: readonly string[] | undefined, choice: ShapeChoice = {}): readonly Shape[] {
  const { quick = false, full = false, records } = choice
  const unknown = names?.find((name) => !ALL_SHAPES.some((shape) => shape.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`no such shape: ${unknown}; there are ${ALL_SHAPES.map(({ name }) => name).join(', ')}`)
  }
  const wanted = names ?? (full ? undefined : USUAL)
  return ALL_SHAPES.filter(({ name }) => wanted?.includes(name) ?? true).map((shape) => ({
    ...shape,
    records: records ?? (quick ? shape.records / QUICK_DIVISOR : shape.records)
  }))
}

/** What is usual goes without saying: random bytes as they are, text compressed. */
function shapeName(size: string, codec: Codec, payload: Payload): string {
  if (codec === 'none') return payload === 'random' ? size : `${size}-json`
  return payload === 'json' ? `${size}-${codec}` : `${size}-random-${codec}`
}
