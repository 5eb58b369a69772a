import type { JobConfig, StopConfig } from '../../config/job-config.ts'
import { isTemplate, targetName, topicNameProblem } from '../../mapping/target-name.ts'
import { MillraceError } from '../../model/millrace-error.ts'

export interface BenchNames {
  readonly topic: string
  readonly target: string
}

/** @throws when Kafka would not have one of the names */
export function benchNames(config: JobConfig, source: string, sameCluster: boolean): BenchNames {
  const names = { topic: source, target: benchTarget(config, source, sameCluster) }
  for (const name of [names.topic, names.target]) {
    const problem = topicNameProblem(name)
    if (problem === undefined) continue
    throw new MillraceError({
      code: 'MR_TARGET_NAME_INVALID',
      kind: 'configuration',
      message: `Kafka does not allow a topic named ${name}: ${problem}.`,
      next: 'Choose another name with --topic.'
    })
  }
  return names
}

/** By the job's rule; a rule that gives every topic one name leads into a topic that is not ours. */
function benchTarget({ topics }: JobConfig, topic: string, sameCluster: boolean): string {
  const byRule = isTemplate(topics.targetName) || Object.hasOwn(topics.overrides, topic)
  const target = byRule ? targetName(topic, topics) : `${topic}-copy`
  return sameCluster && target === topic ? `${topic}-copy` : target
}

export interface BenchRun {
  readonly names: BenchNames
  readonly groupId: string
  readonly stateDir: string
  readonly stop: StopConfig
}

/** The user's job, but for what it copies, its progress and what it tells the world. */
export function benchJob(config: JobConfig, { names, groupId, stateDir, stop }: BenchRun): JobConfig {
  return {
    ...config,
    source: { ...config.source, groupId },
    topics: {
      ...config.topics,
      include: [names.topic],
      exclude: [],
      overrides: { [names.topic]: names.target },
      settings: {}
    },
    start: { from: 'earliest' },
    stop,
    stateDir,
    http: {},
    metrics: { ...config.metrics, export: 'none' },
    traces: { ...config.traces, export: 'none' }
  }
}

/** Scratch topics keep timestamps and all records; what is left behind by a crash empties itself. */
export const SCRATCH_CONFIGS: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'CreateTime',
  'retention.ms': String(24 * 3_600_000),
  'retention.bytes': '-1'
}

export function targetPartitions({ partitions, topics }: JobConfig, sourcePartitions: number): number {
  const { partitions: asked } = topics.create
  if (partitions === 'same') return Math.max(sourcePartitions, typeof asked === 'number' ? asked : 0)
  return typeof asked === 'number' ? asked : sourcePartitions
}
