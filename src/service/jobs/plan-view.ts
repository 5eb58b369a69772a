import type { CheckView, MappingRow, PlanFinding, PlanView, StartPreview } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import type { StageResult } from '../../control/check-connection.ts'
import type { Finding, PartitionPlan, Plan, TopicPlan } from '../../control/plan-types.ts'
import { plural } from '../../model/format-quantities.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { testView } from '../process/test-view.ts'

/** A plan as those see it who asked for it. */
export function planView(plan: Plan, config: JobConfig, at: number): PlanView {
  const sourcesOf = new Map<string, number>()
  for (const { target } of plan.topics) sourcesOf.set(target, (sourcesOf.get(target) ?? 0) + 1)
  const mapping = plan.topics.map((topic) => mappingRow(topic, config, (sourcesOf.get(topic.target) ?? 0) > 1))
  return {
    at,
    ok: plan.refusals.length === 0,
    progress: plan.progress,
    policy: plan.policy,
    mapping,
    excluded: config.topics.exclude,
    records: mapping.reduce((sum, { records }) => sum + records, 0),
    deadLetterTopic: plan.deadLetter?.topic ?? null,
    memory: { ...plan.memory },
    refusals: plan.refusals.map(findingView),
    warnings: plan.warnings.map(findingView),
    source: clusterView(plan.source, config.source),
    target: clusterView(plan.target, config.target)
  }
}

export function checkView(results: readonly StageResult[]): CheckView {
  const [source, target] = (['source', 'target'] as const).map((side) =>
    testView(results.filter(({ cluster }) => cluster === side))
  )
  if (source === undefined || target === undefined) throw new Error('a check has two sides')
  return { ok: source.ok && target.ok, source, target }
}

/** What a start would mean. `reset`: the group's commits are not what counts. */
export function startPreview(plan: Plan, reset: boolean): StartPreview {
  const partitions = plan.topics.flatMap((topic) => topic.partitions)
  const records = sum(partitions, (partition) => partition.records)
  const again = reset ? sum(partitions, ({ committed, start }) => Math.max(0, (committed ?? start) - start)) : 0
  // What the group has copied already is not skipped, and what it goes on from is behind it.
  const skipped =
    plan.progress === 'resume'
      ? 0
      : sum(partitions, ({ start, committed, logStart }) => Math.max(0, start - Math.max(committed ?? 0, logStart)))
  const counts = { records, again, skipped }
  return {
    progress: plan.progress,
    resets: plan.progress === 'reset',
    ...counts,
    sentence: startSentence(plan.progress, counts),
    refusals: plan.refusals.map(findingView),
    warnings: plan.warnings.map(findingView)
  }
}

/** Throws what speaks against a plan: its first refusal, with the others said. */
export function refuseBad(plan: Plan): void {
  const [first, ...others] = plan.refusals
  if (first === undefined) return
  const more = others.map(({ message }) => ` Also: ${message}`).join('')
  const { code, message, next, topic, partition } = first
  throw new MillraceError({
    code,
    kind: 'refused',
    message: `${message}${more}`,
    next,
    place: { ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
  })
}

/** Throws MR_SERVICE_MAPPING_CHANGED when a topic that was approved would go elsewhere now. */
export function refuseOtherMapping(approved: PlanView, plan: Plan): void {
  const targets = new Map(approved.mapping.map(({ source, target }) => [source, target]))
  const moved = plan.topics.filter(({ source, target }) => (targets.get(source) ?? target) !== target)
  const [first] = moved
  if (first === undefined) return
  const which = moved.map(({ source, target }) => `${source} to ${target}, not to ${targets.get(source) ?? ''}`)
  throw new MillraceError({
    code: 'MR_SERVICE_MAPPING_CHANGED',
    kind: 'refused',
    message: `The job would copy other ways than approved: ${which.join('; ')}.`,
    next: 'Submit the job again to approve the new mapping, or take the change back.',
    place: { topic: first.source }
  })
}

function mappingRow(topic: TopicPlan, { topics }: JobConfig, shared: boolean): MappingRow {
  const { source, target, sourcePartitions, targetPartitionsNow, targetPartitions, action, orderKept } = topic
  return {
    source,
    target,
    sourcePartitions,
    targetPartitionsNow,
    targetPartitions,
    action,
    orderKept,
    shared,
    records: sum(topic.partitions, ({ records }) => records),
    overridden: Object.hasOwn(topics.overrides, source)
  }
}

function clusterView(
  { clusterId, brokers }: Plan['target'],
  { connection, bootstrapServers }: JobConfig['source'] | JobConfig['target']
): PlanView['source'] {
  return { clusterId, brokers, connection: connection ?? null, bootstrapServers }
}

function findingView({ code, message, next, topic, partition }: Finding): PlanFinding {
  return { code, message, next, ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
}

function startSentence(
  progress: Plan['progress'],
  { records, again, skipped }: { readonly records: number; readonly again: number; readonly skipped: number }
): string {
  const begin = {
    fresh: 'The group has no commits, so it begins where the start position says',
    resume: 'Goes on where the group has committed',
    reset: 'The commits of the group are replaced by the start position'
  }[progress]
  const effects = [
    `up to ${plural(records, 'record')} to copy by now`,
    ...(again > 0 ? [`up to ${plural(again, 'record')} of them copied before, so they are there twice`] : []),
    ...(skipped > 0 ? [`up to ${plural(skipped, 'record')} in front of it are never copied`] : [])
  ]
  return `${begin}: ${effects.join('; ')}.`
}

function sum<T extends PartitionPlan | TopicPlan>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
