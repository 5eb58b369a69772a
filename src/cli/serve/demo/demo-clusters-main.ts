import { setTimeout as pause } from 'node:timers/promises'
import { EMBEDDED_PARTITIONS, EmbeddedCluster } from '../../../client/embedded-cluster.ts'
import { DEMO_TOPICS } from '../../demo-load.ts'
import { AdminDoor } from './admin-door.ts'

/*
 * The process of `serve --demo`: two embedded clusters and a load that goes on. It says where they are, and ends with
 * the process that started it.
 */

/** Slow enough that a topic keeps an hour: an embedded cluster forgets what exceeds 5 MiB a partition. */
const RECORDS_A_SECOND = 240
const TURN_MS = 250
/** What is there to copy at the beginning, of each topic. */
const FIRST_RECORDS = 4000
const FLUSH_MS = 30_000
const TOPICS = DEMO_TOPICS.filter(({ topic }) => topic !== 'oddities')

process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole process group: the jobs of the service drain first.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)

const [source, target] = [await EmbeddedCluster.start(), await EmbeddedCluster.start()]
for (const { topic } of TOPICS) await source.createTopic(topic)
const written = new Map(TOPICS.map(({ topic }) => [topic, 0]))
for (const demo of TOPICS) write(demo, FIRST_RECORDS)
await source.flush(FLUSH_MS)
const doors = [
  await AdminDoor.open(
    source,
    TOPICS.map(({ topic }) => topic)
  ),
  await AdminDoor.open(target, [])
] as const
process.send?.({ source: doors[0].address, target: doors[1].address })

for (;;) {
  const share = (RECORDS_A_SECOND * TURN_MS) / 1000 / TOPICS.length
  for (const demo of TOPICS) write(demo, Math.ceil(share * (0.5 + Math.random())))
  await pause(TURN_MS)
}

function write({ topic, record }: (typeof TOPICS)[number], count: number): void {
  const from = written.get(topic) ?? 0
  for (let index = from; index < from + count; index++) {
    source.write(topic, index % EMBEDDED_PARTITIONS, { ...record(index), timestamp: Date.now() })
  }
  written.set(topic, from + count)
}
