import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { administer } from '../../test/helpers/checker.ts'
import type { LastingPeer } from '../peers/lasting-peer.ts'
import type { Clusters } from './clusters.ts'
import { quantiles, type Quantiles } from './quantiles.ts'
import { withLastingRun } from './run-lasting.ts'
import type { Pace, StampPrograms } from './stamps.ts'

export interface PacedCopyOptions {
  readonly clusters: Clusters
  readonly programs: StampPrograms
  readonly peer: LastingPeer
  readonly topics: number
  /** Of each topic. */
  readonly partitions: number
  /** Of all topics together. */
  readonly pace: Pace
  /** Until everything written before is copied and the machine code of a JVM is there. */
  readonly warmUpSeconds: number
}

export interface PacedCopy {
  /** From writing to the append at the target, in ms. */
  readonly latencyMs: Quantiles
  readonly records: number
  /** Of all processes of the mirror, per second of the pace. */
  readonly cpuSecondsPerSecond: number
  readonly peakRssBytes: number
  /** How much later than an even pace the latest record was written, in ms. */
  readonly writerLateMs: number
}

const START_DEADLINE_MS = 120_000
const ARRIVAL_DEADLINE_MS = 60_000
const LOOK_MS = 500
/** At the start of the measured time the pace begins anew: its first records are not counted. */
const SKIPPED_MICROS = 1e6
const RESTAMPED = { 'message.timestamp.type': 'LogAppendTime' }

let count = 0

/**
 * Writes at an even pace while a mirror copies, and measures each record's way. Throws when one is missing at the target,
 * came twice, or was never written.
 */
export async function pacedCopy(options: PacedCopyOptions): Promise<PacedCopy> {
  const { clusters, programs, peer, topics, partitions, pace, warmUpSeconds } = options
  const id = `paced-${count++}-${peer.name}`
  const prefix = `${id}-`
  const targetPrefix = peer.targetPrefix({ id, prefix })
  const source = clusters.source.bootstrapServers
  const target = clusters.target.bootstrapServers
  const directory = join(clusters.directory, id)
  const stamped = { prefix, topics, partitions }
  await mkdir(directory)
  await administer({ bootstrap: source }, 'create_topics', { prefix, count: topics, partitions })
  const copies = { prefix: targetPrefix, count: topics, partitions, configs: RESTAMPED }
  await administer({ bootstrap: target }, 'create_topics', copies)
  const arrived = async (records: number, deadlineMs: number, check: () => void): Promise<void> => {
    const deadline = performance.now() + deadlineMs
    for (;;) {
      check()
      const found = await administer<number>({ bootstrap: target }, 'count_records', { prefix: targetPrefix })
      if (found >= records) return
      if (performance.now() > deadline) throw new Error(`only ${found} of ${records} records arrived`)
      await sleep(LOOK_MS)
    }
  }
  try {
    const command = await peer.command({ id, source, target, prefix, directory })
    const warmUp = { ...pace, seconds: warmUpSeconds }
    const before = pace.recordsPerSecond * warmUpSeconds
    const records = before + pace.recordsPerSecond * pace.seconds
    const run = await withLastingRun(command, async (mirror) => {
      await programs.write(source, stamped, { ...warmUp, first: 0 })
      await arrived(before, START_DEADLINE_MS, () => mirror.assertRunning())
      const cpuBefore = mirror.sample().cpuSeconds
      const beganMicros = Date.now() * 1000
      const beganMs = performance.now()
      const writerLateMs = await programs.write(source, stamped, { ...pace, first: before })
      const cpuSeconds = mirror.sample().cpuSeconds - cpuBefore
      const elapsed = (performance.now() - beganMs) / 1000
      await arrived(records, ARRIVAL_DEADLINE_MS, () => mirror.assertRunning())
      const peakRssBytes = mirror.peakRssBytes()
      return { beganMicros, writerLateMs, cpuSecondsPerSecond: cpuSeconds / elapsed, peakRssBytes }
    })
    const { written, latencyMs, repeated, foreign } = await programs.read(
      target,
      { ...stamped, prefix: targetPrefix },
      records
    )
    if (written.length !== records || foreign > 0 || repeated > 0) {
      const odd = `${repeated} twice, ${foreign} that nobody wrote`
      throw new Error(`${written.length} of ${records} records arrived, ${odd}`)
    }
    const from = run.beganMicros + SKIPPED_MICROS
    const counted = latencyMs.filter((_, index) => (written[index] ?? 0) >= from)
    const { beganMicros: _, ...figures } = run
    return { ...figures, latencyMs: quantiles(counted), records: counted.length }
  } finally {
    // Also topics of its own, in which a mirror keeps where it was.
    for (const bootstrap of [source, target]) await administer({ bootstrap }, 'delete_topics', { containing: id })
    await rm(directory, { recursive: true, force: true })
  }
}
