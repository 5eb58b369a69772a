import type { ClusterAdmin } from '../client/types.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { someNames, type FindingList } from './finding-list.ts'
import { defaultTopicConfigs, topicConfigs, type TopicConfigs } from './topic-configs.ts'

/**
 * Effective configurations by topic. Topics that can't be read are left out, with a warning: a mirror without the
 * right to read configurations still copies.
 */
export async function readTopicConfigs(
  admin: ClusterAdmin,
  topics: readonly string[],
  findings: FindingList
): Promise<ReadonlyMap<string, TopicConfigs>> {
  const configs = new Map<string, TopicConfigs>()
  if (topics.length === 0) return configs
  const ask = (names: readonly string[]) => unlessForbidden(() => admin.describeTopicConfigs(names))
  const described = await ask(topics)
  for (const topic of topics) {
    // One forbidden topic fails the whole request.
    const entries = (described ?? (topics.length > 1 ? await ask([topic]) : undefined))?.get(topic)
    if (entries !== undefined && entries.size > 0) configs.set(topic, topicConfigs(entries))
  }
  const unread = topics.filter((topic) => !configs.has(topic))
  if (unread.length > 0) {
    findings.warn({
      code: 'MR_CONFIGS_UNREADABLE',
      message: `The ${admin.cluster} does not show the configuration of ${someNames(unread)}, so it is neither compared nor taken over.`,
      next: `Grant DESCRIBE_CONFIGS on these topics of the ${admin.cluster} cluster.`
    })
  }
  return configs
}

export interface TargetDefaults {
  readonly configs: TopicConfigs | undefined
  readonly replicationFactor: number | undefined
}

/** What a new topic gets on the target by itself. */
export async function readTargetDefaults(
  admin: ClusterAdmin,
  brokerId: number | undefined,
  findings: FindingList
): Promise<TargetDefaults> {
  const broker = brokerId === undefined ? undefined : await unlessForbidden(() => admin.describeBrokerConfigs(brokerId))
  if (broker === undefined || broker.size === 0) {
    findings.warn({
      code: 'MR_DEFAULTS_UNKNOWN',
      message: 'The target does not show its configuration, so its defaults for new topics are unknown.',
      next: 'Grant DESCRIBE_CONFIGS on the target cluster.'
    })
    return { configs: undefined, replicationFactor: undefined }
  }
  const factor = broker.get('default.replication.factor')?.value
  return {
    configs: defaultTopicConfigs(broker),
    replicationFactor: factor === undefined || factor === null ? undefined : Number(factor)
  }
}

/** Undefined when the cluster does not allow the question, or does not know it (embedded clusters). */
async function unlessForbidden<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (error) {
    const kind = error instanceof MillraceError ? error.kind : undefined
    if (kind === 'authorisation' || kind === 'configuration') return undefined
    throw error
  }
}
