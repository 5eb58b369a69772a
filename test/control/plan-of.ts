import { makePlan } from '../../src/control/make-plan.ts'
import type { PlanJob } from '../../src/control/plan-job.ts'
import type { Plan } from '../../src/control/plan-types.ts'
import type { FakeCluster } from './fake-cluster.ts'

export const NOW = Date.UTC(2026, 0, 31, 12)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export interface JobChanges extends Partial<Omit<PlanJob, 'topics' | 'source' | 'target'>> {
  topics?: Partial<Omit<PlanJob['topics'], 'create'>> & { create?: Partial<PlanJob['topics']['create']> }
  source?: Partial<PlanJob['source']>
  target?: Partial<PlanJob['target']>
}

export function jobWith({ topics = {}, source = {}, target = {}, ...changes }: JobChanges = {}): PlanJob {
  const { create = {}, ...otherTopics } = topics
  return {
    name: 'orders-to-dr',
    source: { groupId: 'orders-to-dr', properties: {}, ...source },
    target: { accept: [], ...target },
    topics: {
      include: ['orders'],
      exclude: [],
      targetName: '#{source_Topic_name}',
      overrides: {},
      settings: {},
      ...otherTopics,
      create: { partitions: 'auto', replicationFactor: -1, grow: true, configs: {}, ...create }
    },
    partitions: 'same',
    start: { from: 'earliest' },
    stop: { at: 'never' },
    limits: { memory: 512 * 1024 * 1024 },
    workers: 'auto',
    ...changes
  }
}

export function planOf(
  source: FakeCluster,
  target: FakeCluster,
  job: PlanJob = jobWith(),
  how: { reset?: boolean; hasRun?: boolean } = {}
): Promise<Plan> {
  return makePlan({ job, source, target, reset: how.reset ?? false, hasRun: how.hasRun ?? false, now: NOW })
}

export const codes = (findings: Plan['refusals']): string[] => findings.map(({ code }) => code)
