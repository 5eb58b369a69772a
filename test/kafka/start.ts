import { parseArgs } from 'node:util'
import { startKafka } from './start-kafka.ts'
import { KAFKA_VERSIONS, type KafkaVersion } from './versions.ts'

// npx tsx test/kafka/start.ts 3.9.1 --port 9092 [--config name=value]…   runs until Ctrl-C

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '9092' },
    config: { type: 'string', multiple: true, default: [] },
    heap: { type: 'string', default: '512' },
    security: { type: 'string' },
    'client-auth': { type: 'string' }
  }
})
const version = positionals[0] as KafkaVersion
if (!KAFKA_VERSIONS.includes(version)) {
  console.error(`usage: npx tsx test/kafka/start.ts ${KAFKA_VERSIONS.join('|')} [--port N] [--config name=value]…`)
  console.error('       [--heap MiB] [--security SSL|SASL_SSL|SASL_PLAINTEXT] [--client-auth required]')
  process.exit(2)
}

const configs = Object.fromEntries(
  values.config.map((pair): [string, string] => {
    const equals = pair.indexOf('=')
    return [pair.slice(0, equals), pair.slice(equals + 1)]
  })
)
const clientAuth = values['client-auth'] as 'required' | undefined
const protocol = values.security as 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT' | undefined
const broker = await startKafka({
  version,
  port: Number(values.port),
  configs,
  heapMb: Number(values.heap),
  ...(protocol && { security: { protocol, ...(clientAuth && { clientAuth }) } })
})
console.log(`Kafka ${version} at ${broker.bootstrapServers}, pid ${broker.pid}, log ${broker.logFile}`)
if (protocol) {
  console.log(`without security at ${broker.plainBootstrapServers}`)
  console.log(JSON.stringify({ users: broker.users, certificates: broker.certificates }, undefined, 2))
}

// The broker's leash does not keep us running.
const keepRunning = setInterval(() => undefined, 60_000)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(keepRunning)
    void broker.stop()
  })
}
