import type { RefusedProperty } from './properties-refused.ts'

/** What a property of the Java client is called here. `security.…` is an option beside `properties`. */
const javaNames: Readonly<Record<string, string>> = {
  'fetch.max.wait.ms': 'fetch.wait.max.ms',
  'send.buffer.bytes': 'socket.send.buffer.bytes',
  'receive.buffer.bytes': 'socket.receive.buffer.bytes',
  'max.request.size': 'message.max.bytes',
  'ssl.truststore.certificates': 'ssl.ca.pem',
  'ssl.keystore.certificate.chain': 'ssl.certificate.pem',
  'ssl.keystore.key': 'ssl.key.pem',
  'compression.gzip.level': 'compression.level',
  'compression.lz4.level': 'compression.level',
  'compression.zstd.level': 'compression.level',
  'sasl.oauthbearer.client.credentials.client.id': 'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.credentials.client.secret': 'sasl.oauthbearer.client.secret'
}

const pem = 'Turn the store into PEM and set security.caFile, security.certificateFile and security.keyFile.'
const classes = 'it names classes of the Java client'
const bySystem = 'librdkafka takes this from OpenSSL'

const javaOnly: Readonly<Record<string, RefusedProperty>> = {
  'ssl.truststore.location': { problem: 'Java trust stores can not be read', next: pem },
  'ssl.truststore.password': { problem: 'Java trust stores can not be read', next: pem },
  'ssl.truststore.type': { problem: 'Java trust stores can not be read', next: pem },
  'ssl.keystore.type': { problem: 'key stores are PKCS#12 here', next: pem },
  'ssl.protocol': { problem: bySystem },
  'ssl.enabled.protocols': { problem: bySystem },
  'ssl.provider': { problem: bySystem },
  'ssl.keymanager.algorithm': { problem: bySystem },
  'ssl.trustmanager.algorithm': { problem: bySystem },
  'ssl.secure.random.implementation': { problem: bySystem },
  'buffer.memory': { problem: 'it is derived from the memory limit', next: 'Set limits.memory.' },
  'max.block.ms': { problem: 'it is of the Java client only; millrace waits as long as the target is away' },
  'max.poll.records': {
    problem: 'it is of the Java client only; millrace reads by bytes',
    next: 'Set fetch.max.bytes.'
  },
  'default.api.timeout.ms': { problem: 'it is of the Java client only', next: 'Set socket.timeout.ms.' },
  'exclude.internal.topics': { problem: 'it is of the Java client only', next: 'Set topics.exclude.' },
  'security.providers': { problem: classes },
  'auto.include.jmx.reporter': { problem: classes },
  'transaction.two.phase.commit.enable': { problem: 'the delivery mode belongs to millrace' },
  'config.providers': { problem: classes, next: 'Write ${file:PATH} or ${env:NAME} for a secret.' }
}

const javaPrefixes: readonly (readonly [pattern: RegExp, refusal: RefusedProperty])[] = [
  [/^(?:key|value)\.(?:de)?serializer$/, { problem: 'records are copied as bytes, so there is nothing to serialize' }],
  [
    /^partitioner\./,
    { problem: 'the partition of every record is set by millrace', next: 'See the option partitions.' }
  ],
  [/^metrics?\./, { problem: 'it is of the Java client only' }],
  [/^metadata\.max\.idle\./, { problem: 'it is of the Java client only' }],
  [/^sasl\.login\.|\.callback\.handler\.class$|\.class(?:es)?$/, { problem: classes }],
  [/^sasl\.kerberos\.ticket\./, { problem: 'tickets are renewed by kinit here' }],
  [/^sasl\.oauthbearer\.(?:jwks|expected|scope\.claim|sub\.claim|clock)/, { problem: 'it is for brokers only' }]
]

/** librdkafka's name of a property, or why there is none. */
export function fromJava(side: 'source' | 'target', name: string): string | RefusedProperty {
  // A producer of librdkafka has a request.timeout.ms of the same sense; a consumer calls it socket.timeout.ms.
  if (side === 'source' && name === 'request.timeout.ms') return 'socket.timeout.ms'
  if (Object.hasOwn(javaNames, name)) return javaNames[name] ?? name
  if (Object.hasOwn(javaOnly, name)) return javaOnly[name] ?? name
  return javaPrefixes.find(([pattern]) => pattern.test(name))?.[1] ?? name
}
