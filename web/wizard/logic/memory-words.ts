/** How a plan spends `limits.memory`; the names are those of the plan, what it does not say counts as 0. */
export interface MemoryParts {
  readonly supervisor: number
  readonly workerBase: number
  readonly producerOverhead: number
  readonly workers: number
}

export interface MemoryEstimate {
  readonly workers: number
  /** Bytes of one worker, all its parts. */
  readonly perWorker: number
  /** Of a worker: what is left for records (fetched, queued, in flight). */
  readonly records: number
  readonly parts: readonly { readonly name: string; readonly bytes: number }[]
  readonly enough: boolean
}

export function memoryParts(memory: Readonly<Record<string, number>>): MemoryParts | undefined {
  const { supervisor, workerBase, producerOverhead, workers } = memory
  if (supervisor === undefined || workerBase === undefined) return undefined
  return { supervisor, workerBase, producerOverhead: producerOverhead ?? 0, workers: workers ?? 1 }
}

/** Less than this and not even the least queue, fetch and in-flight bytes fit. */
const LEAST_RECORDS = 7 * 2 ** 20

/**
 * What another limit or another number of workers would mean, by the figures of the last plan: the next plan says it
 * exactly.
 */
export function estimateMemory(parts: MemoryParts, total: number, workers: number): MemoryEstimate {
  const perWorker = Math.floor(Math.max(0, total - parts.supervisor) / workers)
  const records = perWorker - parts.workerBase - parts.producerOverhead
  return {
    workers,
    perWorker,
    records: Math.max(0, records),
    enough: records >= LEAST_RECORDS,
    parts: [
      { name: 'supervisor', bytes: Math.min(total, parts.supervisor) },
      { name: 'worker processes', bytes: workers * (parts.workerBase + parts.producerOverhead) },
      { name: 'records', bytes: workers * Math.max(0, records) }
    ]
  }
}

export function memorySentence(estimate: MemoryEstimate, format: (bytes: number) => string): string {
  const { workers, perWorker, records, enough } = estimate
  const each = workers === 1 ? 'The worker has' : `Each of ${String(workers)} workers has`
  return enough
    ? `${each} ${format(perWorker)}, ${format(records)} of it for records on their way.`
    : `${each} ${format(perWorker)}: too little for records on their way. Raise the limit or use fewer workers.`
}
