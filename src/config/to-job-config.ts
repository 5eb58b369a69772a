import { resolve } from 'node:path'
import type { MapValue, SectionValues, Value } from './assemble-values.ts'
import type { JobConfig, PropertyValue, SecurityConfig, StartConfig, StopConfig, TopicSettings } from './job-config.ts'

/**
 * The checked values under the names that the program uses. Here alone the types of the options are taken on trust:
 * every value has passed the check of its option, whose format and words are those of the type.
 */
export function toJobConfig(values: SectionValues, cwd: string): JobConfig {
  const [source, target, topics] = [section(values['source']), section(values['target']), section(values['topics'])]
  const [create, checkpoint] = [section(topics['create']), section(values['checkpoint'])]
  const name = values['name'] as string
  return {
    name,
    source: { ...cluster(source, cwd), groupId: (source['groupId'] as string | null) ?? name },
    target: { ...cluster(target, cwd), accept: target['accept'] as JobConfig['target']['accept'] },
    topics: {
      include: topics['include'] as readonly string[],
      exclude: topics['exclude'] as readonly string[],
      targetName: topics['targetName'] as string,
      overrides: record<string>(topics['overrides']),
      create: {
        partitions: create['partitions'] as JobConfig['topics']['create']['partitions'],
        replicationFactor: create['replicationFactor'] as number,
        grow: create['grow'] as boolean,
        configs: record<string>(create['configs'])
      },
      discoveryIntervalMs: topics['discoveryInterval'] as number,
      settings: mapValues(topics['settings'], (settings) => withoutNulls(section(settings)) as TopicSettings)
    },
    partitions: values['partitions'] as JobConfig['partitions'],
    start: start(section(values['start'])),
    stop: stop(section(values['stop'])['at'] as string | number),
    onBadRecord: values['onBadRecord'] as JobConfig['onBadRecord'],
    deadLetter: deadLetter(section(values['deadLetter']), name, cwd),
    limits: limits(section(values['limits'])),
    onLoss: values['onLoss'] as JobConfig['onLoss'],
    workers: values['workers'] as JobConfig['workers'],
    restarts: {
      most: section(values['restarts'])['most'] as number,
      windowMs: section(values['restarts'])['window'] as number
    },
    stateDir: resolve(cwd, (values['stateDir'] as string | null) ?? `.millrace/${name}`),
    checkpoint: {
      intervalMs: checkpoint['interval'] as number,
      drainTimeoutMs: checkpoint['drainTimeout'] as number
    },
    ...telemetry(values, cwd)
  }
}

function deadLetter({ topic, file }: SectionValues, name: string, cwd: string): JobConfig['deadLetter'] {
  if (typeof file === 'string') return { file: resolve(cwd, file) }
  return { topic: typeof topic === 'string' ? topic : `${name}-dead-letter` }
}

function limits({ memory, rate }: SectionValues): JobConfig['limits'] {
  const set = Object.entries(section(rate)).filter(([, perSecond]) => perSecond !== 'unlimited')
  return { memory: memory as number, rate: Object.fromEntries(set) }
}

function telemetry(
  values: SectionValues,
  cwd: string
): Pick<JobConfig, 'log' | 'http' | 'metrics' | 'traces' | 'otlp'> {
  const { file, maxSize, ...log } = withoutNulls(section(values['log']))
  const { interval, ...metrics } = withoutNulls(section(values['metrics']))
  const { slowerThan, ...traces } = withoutNulls(section(values['traces']))
  const otlp = section(values['otlp'])
  return {
    log: {
      ...(log as Pick<JobConfig['log'], 'level' | 'format' | 'maxFiles'>),
      ...(file !== undefined && { file: resolve(cwd, file as string) }),
      maxSizeBytes: maxSize as number
    },
    http: withoutNulls(section(values['http'])),
    metrics: { ...(metrics as Omit<JobConfig['metrics'], 'intervalMs'>), intervalMs: interval as number },
    traces: {
      ...(traces as unknown as Omit<JobConfig['traces'], 'slowerThanMs'>),
      ...(slowerThan !== undefined && { slowerThanMs: slowerThan as number })
    },
    otlp: {
      ...(withoutNulls({ endpoint: otlp['endpoint'] ?? null, protocol: otlp['protocol'] ?? null }) as Omit<
        JobConfig['otlp'],
        'headers'
      >),
      headers: record<string>(otlp['headers'])
    }
  }
}

function cluster(values: SectionValues, cwd: string) {
  const security = withoutNulls(section(values['security']))
  for (const file of ['caFile', 'certificateFile', 'keyFile']) {
    const path = security[file]
    if (typeof path === 'string') security[file] = resolve(cwd, path)
  }
  return {
    ...(typeof values['connection'] === 'string' && { connection: values['connection'] }),
    bootstrapServers: (values['bootstrapServers'] as string).replace(/\s+/g, ''),
    security: security as unknown as SecurityConfig,
    properties: record<PropertyValue>(values['properties'])
  }
}

function start(values: SectionValues): StartConfig {
  const from = values['from'] as StartConfig['from']
  if (from === 'timestamp') return { from, time: values['time'] as number }
  if (from === 'offsets') return { from, offsets: mapValues(values['offsets'], (map) => record<number>(map)) }
  return { from }
}

function stop(at: string | number): StopConfig {
  return typeof at === 'number' ? { at: 'time', time: at } : { at: at as 'never' | 'end' }
}

function section(value: Value | undefined): SectionValues {
  return value as SectionValues
}

function record<T extends Value>(pairs: Value | undefined): Record<string, T> {
  return mapValues(pairs, (value) => value as T)
}

function mapValues<T>(pairs: Value | undefined, project: (value: Value) => T): Record<string, T> {
  return Object.fromEntries((pairs as MapValue).map(([key, value]) => [key, project(value)]))
}

function withoutNulls(values: SectionValues): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
