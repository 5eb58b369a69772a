import { setImmediate as nextTurn } from 'node:timers/promises'
import pico from 'picocolors'
import { createConsumer } from '../client/create-clients.ts'
import { EMBEDDED_PARTITIONS, EmbeddedCluster } from '../client/embedded-cluster.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'
import { tellEvent } from '../telemetry/tell-event.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { DEMO_TOPICS } from './demo-load.ts'
import { DemoMirror, embeddedSettings } from './demo-mirror.ts'
import { EXIT, exitCodeOfJob } from './exit-code.ts'
import { openScreen, screenLog } from './open-screen.ts'
import { writeResult } from './run-command.ts'
import { abortOnSignal } from './stop-signals.ts'
import { type Verification, verifyCopy } from './verify-copy.ts'
import { type WatchedRun, watchJob } from './watch-job.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface DemoFlags extends CommonFlags {
  readonly output: OutputFormat
}

const TARGET_PREFIX = 'copy.'
const WRITES_A_TURN = 2000
const FLUSH_MS = 30_000
const MOST_DIFFERENCES = 10

/** Two embedded clusters, a generated load, a mirror between them, and a comparison of every record. */
export async function demoCommand(flags: DemoFlags, context: CommandContext): Promise<number> {
  const say = (text: string): void => void context.stderr.write(`${text}\n`)
  const source = await EmbeddedCluster.start()
  const target = await EmbeddedCluster.start()
  try {
    say(
      `Two Kafka clusters run inside this process: source ${source.bootstrapServers}, target ${target.bootstrapServers}.`
    )
    const ends = await abortOnSignal(context, (signal) => generate(source, target, say, signal))
    const { result, signal } = await mirror(source, target, ends, flags, context)
    if (flags.output === 'table' || result.summary.state !== 'COMPLETED') writeResult(result, flags, context)
    if (result.summary.state !== 'COMPLETED') return exitCodeOfJob(result, signal)

    say('\nReading both clusters back: key, value, headers and timestamp of every record, in order.')
    const verification = await abortOnSignal(context, (abort) => verify(source, target, abort))
    report(verification, flags, context)
    if (flags.output !== 'table') writeDocument(context.stdout, { ...result.summary, ...verification }, flags.output)
    return verification.differences.length > 0 ? EXIT.different : EXIT.done
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}

/** Writes the load into the source and makes the topics of both sides. Returns where each partition ends. */
async function generate(
  source: EmbeddedCluster,
  target: EmbeddedCluster,
  say: (text: string) => void,
  signal: AbortSignal
): Promise<readonly PartitionOffset[]> {
  const total = DEMO_TOPICS.reduce((sum, { records }) => sum + records, 0)
  say(
    `Writing ${plural(total, 'record')} into ${plural(DEMO_TOPICS.length, 'topic')} of the source, odd ones among them.`
  )
  const began = performance.now()
  let bytes = 0
  for (const { topic, records, record } of DEMO_TOPICS) {
    await source.createTopic(topic)
    await target.createTopic(TARGET_PREFIX + topic)
    for (let index = 0; index < records; index++) {
      const written = record(index)
      source.write(topic, index % EMBEDDED_PARTITIONS, written)
      bytes += (written.key?.length ?? 0) + (written.value?.length ?? 0)
      if (index % WRITES_A_TURN > 0) continue
      await nextTurn()
      signal.throwIfAborted()
    }
  }
  await source.flush(FLUSH_MS)
  say(
    `Wrote ${formatBytes(bytes)} in ${formatSeconds((performance.now() - began) / 1000)}, one record after the other.\n`
  )
  return await endsOf(source)
}

async function endsOf(source: EmbeddedCluster): Promise<readonly PartitionOffset[]> {
  const partitions = DEMO_TOPICS.flatMap(({ topic }) =>
    Array.from({ length: EMBEDDED_PARTITIONS }, (_, partition) => ({ topic, partition }))
  )
  return await Promise.all(
    partitions.map(async ({ topic, partition }) => {
      return { topic, partition, offset: await source.endOffset(topic, partition) }
    })
  )
}

async function mirror(
  source: EmbeddedCluster,
  target: EmbeddedCluster,
  ends: readonly PartitionOffset[],
  flags: DemoFlags,
  context: CommandContext
): Promise<WatchedRun> {
  const screen = openScreen(flags, context)
  const log = screenLog(screen, 'warn', flags, context)
  const job = new DemoMirror({
    source: source.bootstrapServers,
    target: target.bootstrapServers,
    ends,
    targetTopic: (topic) => TARGET_PREFIX + topic,
    targetPartitions: EMBEDDED_PARTITIONS,
    onEvent: (event) => tellEvent(log, event)
  })
  return await watchJob(job, screen, (message) => log.log('warn', message), context)
}

async function verify(source: EmbeddedCluster, target: EmbeddedCluster, signal: AbortSignal): Promise<Verification> {
  const reader = { groupId: 'demo-verification', queuedMaxKbytes: 32 * 1024, fetchMaxBytes: 8 * 1024 * 1024 }
  const from = await createConsumer({ ...embeddedSettings('source', source.bootstrapServers), ...reader })
  const to = await createConsumer({ ...embeddedSettings('target', target.bootstrapServers), ...reader })
  try {
    let compared = 0
    const differences: string[] = []
    for (const { topic } of DEMO_TOPICS) {
      const copied = { source: topic, target: TARGET_PREFIX + topic, partitions: EMBEDDED_PARTITIONS }
      const found = await verifyCopy(from, to, copied, signal)
      compared += found.compared
      differences.push(...found.differences)
    }
    return { compared, differences }
  } finally {
    await Promise.all([from.close(), to.close()])
  }
}

function report(
  { compared, differences }: Verification,
  flags: DemoFlags,
  { stdout, stderr, env }: CommandContext
): void {
  const stream = flags.output === 'table' ? stdout : stderr
  const { green, red, bold } = pico.createColors(hasColor(stream, flags, env))
  if (differences.length > 0) {
    const shown = differences.slice(0, MOST_DIFFERENCES).map((difference) => `  ${difference}\n`)
    stream.write(`${red(`${plural(differences.length, 'difference')}`)}\n${shown.join('')}`)
    return
  }
  stream.write(`${green('No difference')} in ${formatCount(compared)} records.\n`)
  stderr.write(`
${bold('What happened:')} a worker process took the records from one cluster in batches and delivered them to the other
without looking inside; progress was committed to the consumer group "demo".
${bold('Next:')} write a job.yaml for your own clusters (config/examples shows how), then
  millrace plan job.yaml     what would be copied, nothing is touched
  millrace run job.yaml      copy; Ctrl-C drains and commits
`)
}
