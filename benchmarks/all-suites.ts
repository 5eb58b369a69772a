import type { Suite } from './harness/suite.ts'
import { latency } from './latency.bench.ts'
import { mirror } from './mirror.bench.ts'
import { operators } from './operators.bench.ts'
import { partitions } from './partitions.bench.ts'
import { telemetry } from './telemetry.bench.ts'
import { topics } from './topics.bench.ts'

/** In the order in which the results page shows them. */
export const SUITES: readonly Suite[] = [mirror, operators, partitions, topics, latency, telemetry]
