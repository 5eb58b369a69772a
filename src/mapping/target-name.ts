/** How a target topic gets its name. */
export interface TargetNameRules {
  /** A name, or a template with `#{source_Topic_name}`. */
  readonly targetName: string
  /** Target names by source topic; they win over `targetName`. */
  readonly overrides: Readonly<Record<string, string>>
}

const PLACEHOLDER = '#{source_Topic_name}'

/** Kafka's limit: the name becomes a directory name with `-` and the partition number behind it. */
const LONGEST_NAME = 249

/** The name of the target topic, whether or not Kafka would accept it (see `topicNameProblem`). */
export function targetName(source: string, rules: TargetNameRules): string {
  const override = Object.hasOwn(rules.overrides, source) ? rules.overrides[source] : undefined
  return override ?? rules.targetName.split(PLACEHOLDER).join(source)
}

/** Does every source topic get a target of its own by this rule? */
export function isTemplate(rule: string): boolean {
  return rule.includes(PLACEHOLDER)
}

/** Why Kafka would refuse this topic name; undefined when it would not (org.apache.kafka.common.internals.Topic). */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return "'.' and '..' are reserved"
  if (name.length > LONGEST_NAME) return `it has ${name.length} characters, Kafka allows ${LONGEST_NAME}`
  const odd = /[^a-zA-Z0-9._-]/u.exec(name)?.[0]
  if (odd === undefined) return undefined
  return name.includes('#{')
    ? `the only placeholder is ${PLACEHOLDER}`
    : `it contains '${odd}', Kafka allows letters, digits, '.', '_' and '-'`
}

/**
 * Two topics with one such key can't be on one cluster: their metrics would have one name, so Kafka refuses to create
 * the second.
 */
export function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}
