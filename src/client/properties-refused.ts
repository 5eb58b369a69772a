/** Why a property may not come from a user, and what to do instead. */
export interface RefusedProperty {
  readonly problem: string
  readonly next?: string
}

const start = 'millrace decides by itself where a partition starts'
const settled = 'millrace commits only what the target has confirmed'
const group = 'the group settings belong to millrace: a stop, a crash and a second worker depend on them'
const gap = 'a record that is given up leaves a gap in the copy'
const order = 'the partition and the order of every record are kept by millrace'
const loads = 'it would load and run foreign code in the process'
const memory = 'it is derived from the memory limit'

/** Exact names; aliases are resolved before. */
const refused: Readonly<Record<string, RefusedProperty>> = {
  'metadata.broker.list': { problem: 'it has an option of its own', next: 'Set bootstrapServers.' },
  'group.id': { problem: 'it has an option of its own', next: 'Set source.groupId.' },
  'group.instance.id': { problem: group },
  'group.protocol': { problem: group },
  'group.protocol.type': { problem: group },
  'group.remote.assignor': { problem: group },
  'partition.assignment.strategy': { problem: group },
  'session.timeout.ms': { problem: group },
  'heartbeat.interval.ms': { problem: group },
  'max.poll.interval.ms': { problem: group },
  'auto.offset.reset': { problem: `${start}; a reset by the client loses records silently`, next: 'Set start.from.' },
  'enable.auto.commit': { problem: settled },
  'auto.commit.enable': { problem: settled },
  'auto.commit.interval.ms': { problem: settled, next: 'Set checkpoint.interval.' },
  'enable.auto.offset.store': { problem: settled },
  'offset.store.method': { problem: settled },
  'offset.store.path': { problem: settled },
  'offset.store.sync.interval.ms': { problem: settled },
  'isolation.level': { problem: 'millrace copies committed records only' },
  'enable.partition.eof': { problem: 'millrace needs it to know that it has caught up' },
  'consume.callback.max.messages': { problem: 'millrace does not use that call' },
  'transactional.id': { problem: 'the delivery mode belongs to millrace' },
  'transaction.timeout.ms': { problem: 'the delivery mode belongs to millrace' },
  'enable.gapless.guarantee': { problem: 'the delivery mode belongs to millrace' },
  'message.timeout.ms': { problem: gap },
  'message.send.max.retries': { problem: gap },
  'delivery.report.only.error': { problem: 'millrace counts every delivery' },
  'produce.offset.report': { problem: 'millrace counts every delivery' },
  partitioner: { problem: order, next: 'See the option partitions.' },
  'sticky.partitioning.linger.ms': { problem: order, next: 'See the option partitions.' },
  'queuing.strategy': { problem: order },
  'queue.buffering.max.messages': { problem: memory, next: 'Set limits.memory.' },
  'queue.buffering.max.kbytes': { problem: memory, next: 'Set limits.memory.' },
  'queued.min.messages': { problem: memory, next: 'Set limits.memory or queued.max.messages.kbytes.' },
  'message.max.bytes': { problem: "which records are too large is decided by the target's max.message.bytes" },
  'topic.metadata.refresh.interval.ms': { problem: 'millrace must learn of new partitions in time' },
  'statistics.interval.ms': { problem: 'statistics belong to millrace' },
  'allow.auto.create.topics': { problem: 'millrace creates topics itself', next: 'See topics.create.' },
  'topic.blacklist': { problem: 'it has an option of its own', next: 'Set topics.exclude.' },
  'plugin.library.paths': { problem: loads },
  'ssl.ca.certificate.stores': { problem: 'it is for Windows only', next: 'Set security.caFile.' },
  'ssl.providers': { problem: loads },
  'sasl.kerberos.kinit.cmd': { problem: 'its value is run by a shell' },
  'builtin.features': { problem: 'it can only be read' },
  enabled_events: { problem: 'events belong to millrace' },
  'log.queue': { problem: 'the log belongs to millrace', next: 'Set log.level.' },
  'enable.random.seed': { problem: 'it changes the whole process' },
  'internal.termination.signal': { problem: 'signals belong to millrace' }
}

const refusedPrefixes: readonly (readonly [prefix: string, refusal: RefusedProperty])[] = [
  ['ssl.engine.', { problem: loads }],
  ['interceptor', { problem: loads }],
  ['test.', { problem: 'it turns the client into a test double' }]
]

/** Values that would break a promise, although the property itself is free. */
const requiredValues: Readonly<Record<string, { readonly allowed: readonly string[] } & RefusedProperty>> = {
  'request.required.acks': { allowed: ['all', '-1'], problem: 'anything but all loses records when a broker fails' },
  'enable.idempotence': { allowed: ['true'], problem: 'without it a retry duplicates records and changes their order' },
  'max.in.flight.requests.per.connection': {
    allowed: ['1', '2', '3', '4', '5'],
    problem: 'more than 5 is not possible with idempotence'
  }
}

export function refusedProperty(name: string, value: string): RefusedProperty | undefined {
  if (Object.hasOwn(refused, name)) return refused[name]
  const prefix = refusedPrefixes.find(([start]) => name.startsWith(start))
  if (prefix !== undefined) return prefix[1]
  const required = Object.hasOwn(requiredValues, name) ? requiredValues[name] : undefined
  if (required !== undefined && !required.allowed.includes(value)) return { problem: required.problem }
  // `kinit` is started through a shell with these two in its command line.
  if (/^sasl\.kerberos\.(?:principal|keytab)$/.test(name) && !/^[\w.@/:+-]+$/.test(value)) {
    return {
      problem: 'may have letters, digits and _ . @ / : + - only, because librdkafka puts it into a shell command'
    }
  }
  // 0: with a full queue that nobody polls a whole core is burnt by each broker thread.
  return name === 'fetch.queue.backoff.ms' && value === '0' ? { problem: 'must be at least 1' } : undefined
}
