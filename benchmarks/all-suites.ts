import type { Suite } from './harness/suite.ts'
import { mirror } from './mirror.bench.ts'
import { telemetry } from './telemetry.bench.ts'

/** In the order in which the results page shows them. */
export const SUITES: readonly Suite[] = [mirror, telemetry]
