import { topicPattern, type TopicPattern } from './topic-pattern.ts'

export interface SelectionRules {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

export type Verdict = 'included' | 'not included' | 'excluded' | 'excluded by default'

/**
 * Topics that serve a machinery, not its users: Kafka's own and ours (`__`), MirrorMaker 2's, Kafka Streams' and
 * Replicator's. Patterns don't find them; naming one in `topics.include` does.
 */
export const DEFAULT_EXCLUDES: readonly string[] = [
  '/__.*/',
  '/mm2-.*/',
  '/.*[-.]internal/',
  '/.*\\.replica/',
  '/(.*\\.)?heartbeats/'
]

/** Which source topics are mirrored. Exclusions win over inclusions, and a name over a default exclusion. */
export interface TopicSelection {
  readonly include: readonly TopicPattern[]
  readonly exclude: readonly TopicPattern[]
  verdict(topic: string): Verdict
  includes(topic: string): boolean
}

/** Throws MR_PATTERN_INVALID. */
export function topicSelection(rules: SelectionRules): TopicSelection {
  const include = rules.include.map(topicPattern)
  const exclude = rules.exclude.map(topicPattern)
  const byDefault = DEFAULT_EXCLUDES.map(topicPattern)
  const verdict = (topic: string): Verdict => {
    const hits = include.filter((pattern) => pattern.matches(topic))
    if (hits.length === 0) return 'not included'
    if (exclude.some((pattern) => pattern.matches(topic))) return 'excluded'
    if (hits.some((pattern) => pattern.kind === 'name')) return 'included'
    return byDefault.some((pattern) => pattern.matches(topic)) ? 'excluded by default' : 'included'
  }
  return { include, exclude, verdict, includes: (topic) => verdict(topic) === 'included' }
}
