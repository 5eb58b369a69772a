import { consume } from './consume.bench.ts'
import type { Suite } from './harness/suite.ts'
import { latency } from './latency.bench.ts'
import { memory } from './memory.bench.ts'
import { mirror } from './mirror.bench.ts'
import { operators } from './operators.bench.ts'
import { partitions } from './partitions.bench.ts'
import { produce } from './produce.bench.ts'
import { telemetry } from './telemetry.bench.ts'
import { topics } from './topics.bench.ts'
import { verify } from './verify.bench.ts'
import { wan } from './wan.bench.ts'

/** In the order in which the results page shows them. */
export const SUITES: readonly Suite[] = [
  mirror,
  consume,
  produce,
  operators,
  partitions,
  topics,
  verify,
  latency,
  memory,
  wan,
  telemetry
]
