import { groupBy } from './group-by.ts'
import { isTemplate, metricName, targetName, topicNameProblem, type TargetNameRules } from './target-name.ts'

export interface MappedTopic {
  readonly source: string
  readonly target: string
  /** Why Kafka would not have this target name. */
  readonly problem: string | undefined
  readonly by: 'override' | 'rule'
}

/** Several source topics that go to one target (n:1). */
export interface MergedTopics {
  readonly target: string
  readonly sources: readonly string[]
  /** One rule that gives every source the same name says so on purpose; a template that meets an override does not. */
  readonly deliberate: boolean
}

/** What becomes of each source topic, before anything is copied. */
export interface TopicMapping {
  /** By source name. */
  readonly topics: readonly MappedTopic[]
  readonly merged: readonly MergedTopics[]
  /** Targets that Kafka can't have side by side, because they differ only in `.` and `_`. */
  readonly lookalikes: readonly (readonly string[])[]
}

export function mapTopics(sources: Iterable<string>, rules: TargetNameRules): TopicMapping {
  const topics = [...new Set(sources)].toSorted().map((source): MappedTopic => {
    const target = targetName(source, rules)
    const by = Object.hasOwn(rules.overrides, source) ? 'override' : 'rule'
    return { source, target, problem: topicNameProblem(target), by }
  })
  const byTarget = groupBy(topics, (topic) => topic.target)
  const byMetric = groupBy(byTarget.keys(), metricName)
  return {
    topics,
    merged: [...byTarget]
      .filter(([, group]) => group.length > 1)
      .map(([target, group]) => ({
        target,
        sources: group.map((topic) => topic.source),
        deliberate: isDeliberate(group, rules)
      })),
    lookalikes: [...byMetric.values()].filter((names) => names.length > 1)
  }
}

function isDeliberate(group: readonly MappedTopic[], rules: TargetNameRules): boolean {
  if (group.every((topic) => topic.by === 'override')) return true
  return !isTemplate(rules.targetName) && group.every((topic) => topic.by === 'rule')
}
