import type { JobConfig } from '../../config/job-config.ts'

/** What takes effect while a job runs. */
const LIVE = new Set(['limits.rate', 'log.level', 'restarts'])
/** Sections whose options are looked at one by one. */
const SECTIONS = new Set([
  'source',
  'target',
  'topics',
  'limits',
  'log',
  'checkpoint',
  'metrics',
  'traces',
  'otlp',
  'http'
])

/** Under the names of the options, where the program's are others. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  'topics.discoveryIntervalMs': 'topics.discoveryInterval',
  'checkpoint.intervalMs': 'checkpoint.interval',
  'checkpoint.drainTimeoutMs': 'checkpoint.drainTimeout',
  'log.maxSizeBytes': 'log.maxSize',
  'metrics.intervalMs': 'metrics.interval',
  'traces.slowerThanMs': 'traces.slowerThan'
}

/** What a newer configuration copies in addition, where that is all it does to the topics of a mirror that runs. */
export function addedTopics(running: JobConfig, newest: JobConfig): readonly string[] {
  const [before, after] = [new Set(running.topics.include), new Set(newest.topics.include)]
  const onlyAdds = [...before].every((topic) => after.has(topic))
  // A copy up to the end that there was at its start has no room for others.
  return onlyAdds && running.stop.at !== 'end' ? [...after].filter((topic) => !before.has(topic)) : []
}

/**
 * The options of a newer configuration that a running job takes up only when it is started again. `connections`: the sides
 * whose connection is another one, or has changed; what a connection stands for is no change of the job itself.
 */
export function restartNeeded(
  running: JobConfig,
  newest: JobConfig,
  connections: readonly ('source' | 'target')[]
): string[] {
  // Where it began is behind it.
  const before = { ...running, start: newest.start }
  const changed = Object.keys({ ...before, ...newest }).flatMap((name) => changesOf(name, before, newest))
  const own = changed.filter((option) => {
    const [section = '', part] = option.split('.')
    const byConnection = (connections as readonly string[]).includes(section) && part !== 'groupId' && part !== 'accept'
    return !LIVE.has(option) && !byConnection
  })
  // Topics that are added are taken up by themselves, if nothing else has to wait: a restart has all of a revision, or nothing.
  if (own.length === 1 && own[0] === 'topics.include' && connections.length === 0) {
    if (addedTopics(running, newest).length > 0) return []
  }
  return [...connections.map((side) => `${side}.connection`), ...own.map((option) => OPTION_NAMES[option] ?? option)]
}

function changesOf(name: string, running: JobConfig, newest: JobConfig): string[] {
  const [before, after] = [partOf(running, name), partOf(newest, name)]
  if (!SECTIONS.has(name)) return same(before, after) ? [] : [name]
  return Object.keys({ ...(before as object), ...(after as object) })
    .filter((option) => !same(partOf(before, option), partOf(after, option)))
    .map((option) => `${name}.${option}`)
}

function partOf(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[name]
}

/** Both were made by the same code, in the same order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
