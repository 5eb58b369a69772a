import { setImmediate as nextTurn } from 'node:timers/promises'
import pico from 'picocolors'
import { createConsumer } from '../client/create-clients.ts'
import { EMBEDDED_PARTITIONS, EmbeddedCluster } from '../client/embedded-cluster.ts'
import { groupBy } from '../mapping/group-by.ts'
import { formatBytes, formatSeconds, plural } from '../model/format-quantities.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'
import { tellEvent } from '../telemetry/tell-event.ts'
import { verifyCopy } from '../verify/verify-copy.ts'
import type { TopicBounds, Verification } from '../verify/verify-types.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { DEMO_TOPICS } from './demo-load.ts'
import { DemoMirror, embeddedSettings } from './demo-mirror.ts'
import { EXIT, exitCodeOfJob } from './exit-code.ts'
import { openScreen, screenLog } from './open-screen.ts'
import { renderVerification } from './render-verification.ts'
import { writeResult } from './run-command.ts'
import { abortOnSignal } from './stop-signals.ts'
import { type WatchedRun, watchJob } from './watch-job.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface DemoFlags extends CommonFlags {
  readonly output: OutputFormat
}

const TARGET_PREFIX = 'copy.'
const WRITES_A_TURN = 2000
const FLUSH_MS = 30_000
const MOST_DIFFERENCES = 10
const MIB = 1024 * 1024

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
    const verification = await abortOnSignal(context, (abort) => verify(source, target, ends, abort))
    report(verification, flags, context)
    if (flags.output !== 'table') writeDocument(context.stdout, { ...result.summary, verification }, flags.output)
    return verification.equal ? EXIT.done : EXIT.different
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

/** Each partition of the source from its first record to its end, and what its copy has. */
async function boundsOf(target: EmbeddedCluster, ends: readonly PartitionOffset[]): Promise<readonly TopicBounds[]> {
  return await Promise.all(
    [...groupBy(ends, ({ topic }) => topic)].map(async ([source, ofTopic]): Promise<TopicBounds> => {
      const copy = TARGET_PREFIX + source
      return {
        target: copy,
        sources: [source],
        sourceRanges: ofTopic.map(({ topic, partition, offset }) => ({
          topic,
          partition,
          from: 0,
          to: offset,
          requiredTo: offset,
          isTrimmed: false,
          isStartUnknown: false
        })),
        targetRanges: await Promise.all(
          ofTopic.map(async ({ partition }) => {
            const to = await target.endOffset(copy, partition)
            return { topic: copy, partition, from: 0, to, isTrimmed: false }
          })
        ),
        isOrdered: true,
        isRestamped: false,
        isCompacted: false
      }
    })
  )
}

async function verify(
  source: EmbeddedCluster,
  target: EmbeddedCluster,
  ends: readonly PartitionOffset[],
  signal: AbortSignal
): Promise<Verification> {
  const reader = { groupId: 'demo-verification', queuedMaxKbytes: 32 * 1024, fetchMaxBytes: 8 * MIB }
  const from = await createConsumer({ ...embeddedSettings('source', source.bootstrapServers), ...reader })
  const to = await createConsumer({ ...embeddedSettings('target', target.bootstrapServers), ...reader })
  try {
    return await verifyCopy(
      await boundsOf(target, ends),
      { source: from, target: to },
      {
        job: 'demo',
        policy: 'same',
        mode: 'full',
        strict: true,
        memory: 64 * MIB,
        pollBytes: 16 * MIB,
        mostNamed: MOST_DIFFERENCES,
        signal,
        onProgress: () => undefined
      }
    )
  } finally {
    await Promise.all([from.close(), to.close()])
  }
}

function report(verification: Verification, flags: DemoFlags, { stdout, stderr, env }: CommandContext): void {
  const stream = flags.output === 'table' ? stdout : stderr
  const color = hasColor(stream, flags, env)
  stream.write(`${renderVerification(verification, color).join('\n')}\n`)
  if (!verification.equal) return
  const { bold } = pico.createColors(color)
  stderr.write(`
${bold('What happened:')} a worker process took the records from one cluster in batches and delivered them to the other
without looking inside; progress was committed to the consumer group "demo".
${bold('Next:')} write a job.yaml for your own clusters (config/examples shows how), then
  millrace plan job.yaml     what would be copied, nothing is touched
  millrace run job.yaml      copy; Ctrl-C drains and commits
`)
}
