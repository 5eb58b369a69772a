export interface Selection {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/**
 * A click on a topic. One that is copied by its name is no longer named; one that a pattern finds is excluded; one that
 * is excluded by its name no longer is; any other is named. Patterns are never touched.
 */
export function pickTopic(topic: string, isCopied: boolean, { include, exclude }: Selection): Selection {
  const without = (list: readonly string[]): readonly string[] => list.filter((entry) => entry !== topic)
  if (isCopied) {
    return include.includes(topic)
      ? { include: without(include), exclude }
      : { include, exclude: [...without(exclude), topic] }
  }
  if (!exclude.includes(topic)) return { include: [...without(include), topic], exclude }
  const isElsewhere = include.some((entry) => entry.startsWith('/') || entry === topic)
  return { include: isElsewhere ? include : [...include, topic], exclude: without(exclude) }
}
