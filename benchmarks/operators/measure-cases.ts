import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median } from '../harness/median.ts'
import type { OperatorCase } from './cases.ts'

export interface MeasureOptions {
  readonly batches: number
  readonly warmUpRounds: number
  readonly rounds: number
}

export interface CaseFigures {
  readonly name: string
  /** One for each round, in order. */
  readonly nanosPerBatch: readonly number[]
  /** Of the heap. */
  readonly bytesPerBatch: number
}

/** So few that nothing is collected in between. */
const ALLOCATION_BATCHES = 200
const ALLOCATION_RUNS = 9

/** Every case once a round, so that what drifts, drifts for all; first without counting, until the compiler is done. */
export async function measureCases(
  cases: readonly OperatorCase[],
  { batches, warmUpRounds, rounds }: MeasureOptions
): Promise<readonly CaseFigures[]> {
  const collect = garbageCollector()
  const nanos = cases.map((): number[] => [])
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const [index, each] of cases.entries()) {
      const run = each.prepare(batches)
      collect()
      const began = process.hrtime.bigint()
      await run()
      const elapsed = Number(process.hrtime.bigint() - began)
      if (round >= warmUpRounds) nanos[index]?.push(elapsed / batches)
    }
  }
  const figures: CaseFigures[] = []
  for (const [index, each] of cases.entries()) {
    figures.push({
      name: each.name,
      nanosPerBatch: nanos[index] ?? [],
      bytesPerBatch: await allocation(each, collect)
    })
  }
  return figures
}

async function allocation(each: OperatorCase, collect: () => void): Promise<number> {
  const bytes: number[] = []
  for (let run = 0; run < ALLOCATION_RUNS; run++) {
    const prepared = each.prepare(ALLOCATION_BATCHES)
    collect()
    const before = process.memoryUsage().heapUsed
    await prepared()
    bytes.push((process.memoryUsage().heapUsed - before) / ALLOCATION_BATCHES)
  }
  return Math.max(0, median(bytes))
}

/** Without a flag on the command line. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
