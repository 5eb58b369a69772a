import type { JsonMap } from '../../../src/api/contract.ts'
import { isJsonMap, type Path } from './json-path.ts'

/** What the steps show; below a section that ends in a dot everything is shown. */
const SHOWN = [
  'name',
  'source.connection',
  'source.bootstrapServers',
  'source.groupId',
  'source.properties.',
  'target.connection',
  'target.bootstrapServers',
  'target.properties.',
  'topics.include',
  'topics.exclude',
  'topics.targetName',
  'topics.overrides.',
  'topics.create.partitions',
  'topics.create.replicationFactor',
  'topics.create.grow',
  'partitions',
  'start.',
  'stop.at',
  'onBadRecord',
  'onLoss',
  'deadLetter.topic',
  'limits.memory',
  'limits.rate.bytes',
  'limits.rate.records',
  'workers'
] as const

/** The options of a configuration that no step shows, such as `traces.ratio`: they are kept as they are. */
export function keptOptions(config: JsonMap, path: Path = []): readonly string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const at = [...path, key]
    const option = at.join('.')
    if (SHOWN.some((shown) => shown === option || (shown.endsWith('.') && `${option}.`.startsWith(shown)))) return []
    return isJsonMap(value) && Object.keys(value).length > 0 ? keptOptions(value, at) : [option]
  })
}
