import type { ClusterDescription } from '../client/types.ts'
import type { TopicMapping } from '../mapping/map-topics.ts'
import { metricName } from '../mapping/target-name.ts'
import type { TopicSelection } from '../mapping/topic-selection.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import { someNames, type FindingList } from './finding-list.ts'

/** Names that Kafka refuses, and sources that meet in one target. */
export function findInMapping(
  mapping: TopicMapping,
  policy: PartitionPolicy,
  targetTopics: Iterable<string>,
  findings: FindingList
): void {
  for (const { source, target, problem } of mapping.topics) {
    if (problem === undefined) continue
    findings.refuse({
      code: 'MR_TARGET_NAME_INVALID',
      topic: source,
      message: `Topic ${source} can't be called '${target}' on the target: ${problem}.`,
      next: `Change topics.targetName, or give ${source} a name of its own in topics.overrides.`
    })
  }
  for (const { target, sources, deliberate } of mapping.merged) {
    const accident = deliberate ? '' : ' One comes there by topics.overrides, another by topics.targetName.'
    findings.warn({
      code: deliberate ? 'MR_TOPICS_MERGED' : 'MR_TOPICS_COLLIDE',
      message: `${someNames(sources)} go to one target topic, ${target}.${accident} ${mixed(policy)}`,
      next: 'To keep them apart, give each a name of its own in topics.overrides.'
    })
  }
  findLookalikes(mapping, targetTopics, findings)
  if (policy === 'sticky' && mapping.topics.length > 0) {
    findings.warn({
      code: 'MR_ORDER_NOT_KEPT',
      message: 'With partitions: sticky the records of a source partition are spread, so their order is not kept.',
      next: 'To keep the order, set partitions to same or zero.'
    })
  }
}

/** Overrides of topics that are not mirrored: harmless, but probably a mistyped name. */
export function findUnusedOverrides(
  overrides: Readonly<Record<string, string>>,
  mapping: TopicMapping,
  findings: FindingList
): void {
  const sources = new Set(mapping.topics.map((topic) => topic.source))
  for (const topic of Object.keys(overrides)) {
    if (sources.has(topic)) continue
    const near = didYouMean(topic, sources)
    findings.warn({
      code: 'MR_OVERRIDE_UNUSED',
      topic,
      message: `topics.overrides names ${topic}, which is not among the topics to mirror.`,
      next: near === undefined ? 'Correct or remove it.' : `Did you mean ${near}?`
    })
  }
}

/** A mirror into its own source: what it writes must never be among what it reads. */
export function findLoops(
  mapping: TopicMapping,
  selection: TopicSelection,
  [source, target]: readonly [ClusterDescription, ClusterDescription],
  findings: FindingList
): void {
  // Addresses can't tell: one cluster has many listeners.
  if (source.clusterId === '' || source.clusterId !== target.clusterId) return
  const sources = new Set(mapping.topics.map((topic) => topic.source))
  for (const topic of mapping.topics) {
    if (!sources.has(topic.target) && !selection.includes(topic.target)) continue
    const again =
      topic.source === topic.target ? 'onto itself' : `to ${topic.target}, which topics.include takes as a source again`
    findings.refuse({
      code: 'MR_MIRROR_LOOP',
      topic: topic.source,
      message: `Source and target are the same cluster and ${topic.source} would be copied ${again}: without end.`,
      next: 'Choose target names that topics.include does not match, exclude them, or correct target.bootstrapServers.'
    })
  }
}

function findLookalikes(mapping: TopicMapping, targetTopics: Iterable<string>, findings: FindingList): void {
  const existing = new Map<string, string>()
  const present = new Set(targetTopics)
  for (const topic of present) existing.set(metricName(topic), topic)
  const refuse = (names: readonly string[]): void => {
    findings.refuse({
      code: 'MR_TARGET_NAMES_COLLIDE',
      message: `Kafka does not allow ${names.join(' and ')} on one cluster: they differ only in '.' and '_'.`,
      next: 'Give one of them another name in topics.overrides.'
    })
  }
  for (const names of mapping.lookalikes) if (!names.some((name) => present.has(name))) refuse(names)
  for (const target of new Set(mapping.topics.map((topic) => topic.target))) {
    const other = existing.get(metricName(target))
    if (other !== undefined && !present.has(target)) refuse([target, other])
  }
}

function mixed(policy: PartitionPolicy): string {
  return policy === 'sticky'
    ? 'Their records are mixed.'
    : 'Their records are mixed in each partition; the order within each source partition is kept.'
}
