import type { ConfigProblem, JsonMap, MappingRow, PlanFinding, PlanView } from '../../../src/api/contract.ts'
import { clusterOptions } from '../../../src/client/options.ts'
import { configAsJson } from '../../../src/config/config-as-json.ts'
import { divideMemory } from '../../../src/control/divide-memory.ts'
import { FindingList } from '../../../src/control/finding-list.ts'
import { parseSize } from '../../../src/config/parse-quantities.ts'
import { targetName } from '../../../src/mapping/target-name.ts'
import { topicSelection } from '../../../src/mapping/topic-selection.ts'
import { type PretendConnections, topicsOf } from './pretend-connections.ts'
import { clusterOf } from './pretend-job.ts'

const MIB = 1024 * 1024

/** What is most often wrong with a configuration; the real one finds more. */
export function validateConfig(
  text: string,
  connections: PretendConnections
): { readonly given: JsonMap | null; readonly problems: readonly ConfigProblem[] } {
  const given = configAsJson(text)
  const problem = (option: string, message: string): ConfigProblem => ({ where: '1:1', option, message })
  if (given === null) return { given, problems: [problem('', 'this is no map of options')] }
  const problems: ConfigProblem[] = []
  for (const side of ['source', 'target'] as const) {
    const { connection, bootstrapServers } = mapOf(given[side])
    if (connection === undefined && bootstrapServers === undefined) {
      problems.push(problem(`${side}.bootstrapServers`, 'is missing'))
    } else if (typeof connection === 'string' && !connections.has(connection)) {
      problems.push(problem(`${side}.connection`, `there is no connection ${connection}`))
    }
    for (const [name, value] of Object.entries(mapOf(mapOf(given[side])['properties']))) {
      const translation = clusterOptions(side).properties.translate(name, value as string)
      if ('problem' in translation) {
        const { problem: message, next } = translation
        problems.push({ ...problem(`${side}.properties.${name}`, message), ...(next !== undefined && { next }) })
      }
    }
  }
  if (given['name'] === undefined) problems.push(problem('name', 'is missing'))
  const { include, exclude } = mapOf(given['topics'])
  if (!Array.isArray(include) || include.length === 0) problems.push(problem('topics.include', 'is missing'))
  try {
    topicSelection({ include: textsOf(include), exclude: textsOf(exclude) })
  } catch (error) {
    problems.push(problem('topics.include', (error as Error).message))
  }
  return { given, problems }
}

/** The plan of a configuration that is valid. */
export function pretendPlan(text: string, connections: PretendConnections): PlanView {
  const given = configAsJson(text) ?? {}
  const sides = { source: nameOf(given['source']), target: nameOf(given['target']) }
  const topics = mapOf(given['topics'])
  const selection = topicSelection({ include: textsOf(topics['include']), exclude: textsOf(topics['exclude']) })
  const available = topicsOf(connections.has(sides.source) ? sides.source : 'production')
  const rules = {
    targetName: typeof topics['targetName'] === 'string' ? topics['targetName'] : '#{source_Topic_name}',
    overrides: mapOf(topics['overrides']) as Record<string, string>
  }
  const chosen = available.filter(({ name }) => selection.includes(name))
  const targets = chosen.map(({ name }) => targetName(name, rules))
  const policy = given['partitions'] === 'zero' || given['partitions'] === 'sticky' ? given['partitions'] : 'same'
  const mapping = chosen.map(({ name, partitions, records }, index): MappingRow => {
    const target = targets[index] ?? name
    const shared = targets.filter((other) => other === target).length > 1
    const action = (['create', 'none', 'grow'] as const)[index % 3] ?? 'none'
    return {
      source: name,
      target,
      sourcePartitions: partitions,
      targetPartitionsNow: action === 'create' ? 0 : action === 'grow' ? Math.max(1, partitions - 1) : partitions,
      targetPartitions: partitions,
      action,
      orderKept: policy !== 'sticky',
      shared,
      records: records ?? 0,
      overridden: Object.hasOwn(rules.overrides, name)
    }
  })
  const findings = new FindingList()
  const memory = divideMemory(
    {
      total: parseSize((mapOf(given['limits'])['memory'] as string | undefined) ?? '512MiB') ?? 0,
      workers: Number(given['workers'] ?? 1) || 1,
      sourceBrokers: 3,
      partitions: mapping.reduce((sum, { sourcePartitions }) => sum + sourcePartitions, 0),
      largestMessage: MIB
    },
    findings
  )
  const refusals: PlanFinding[] =
    mapping.length > 0
      ? [...findings.refusals]
      : [
          {
            code: 'MR_NOTHING_TO_MIRROR',
            message: 'The inclusions and exclusions leave no topic.',
            next: 'Change topics.include or topics.exclude.'
          }
        ]
  return {
    at: Date.now(),
    ok: refusals.length === 0,
    progress: 'fresh',
    policy,
    mapping,
    excluded: available.filter(({ name }) => selection.verdict(name).startsWith('excluded')).map(({ name }) => name),
    records: mapping.reduce((sum, { records }) => sum + records, 0),
    deadLetterTopic: null,
    memory: { ...memory },
    refusals,
    warnings: mapping.some(({ shared }) => shared)
      ? [{ code: 'MR_SHARED_TARGET', message: 'Several topics go into one.', next: 'See whether their keys differ.' }]
      : [],
    source: clusterOf(sides.source),
    target: clusterOf(sides.target)
  }
}

function nameOf(side: unknown): string {
  const { connection, bootstrapServers } = mapOf(side)
  return typeof connection === 'string' ? connection : JSON.stringify(bootstrapServers ?? null)
}

function mapOf(value: unknown): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {}
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
