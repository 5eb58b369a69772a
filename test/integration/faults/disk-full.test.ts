import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'

// The fault Q2: the disk of the target is full. A small file system of its own, filled by a file beside the broker's.

const SECOND = 1000
const MIB = 1024 * 1024
const DISK_MIB = 300

describeWithBrokers('a target whose disk is full', () => {
  let pair: ClusterPair | undefined
  let disk: string

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'millrace-disk-'))
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'millrace-disk', disk])
    if (status !== 0) throw new Error(`no file system of its own: ${String(stderr)}`)
    const small = { 'log.segment.bytes': '4194304', 'log.index.size.max.bytes': '65536' }
    pair = await ClusterPair.start({ target: { directory: join(disk, 'kafka'), configs: small } })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(async () => {
    await pair?.stop()
    spawnSync('umount', [disk])
    await rm(disk, { recursive: true, force: true })
  })

  it('Q2: waits or stops loudly, goes on when there is room and the broker is back, nothing lost', async () => {
    if (pair === undefined) throw new Error('no clusters')
    const fault = await FaultCase.start(pair, 'Q2', 'disk-full', { load: { rate: 2000, largest: 200_000 } })
    const filler = join(disk, 'filler')
    await expect(writeFile(filler, Buffer.alloc(DISK_MIB * MIB))).rejects.toMatchObject({ code: 'ENOSPC' })
    // Kafka gives up a log directory that it can't write to, and ends when it was the last.
    await fault.run.printed(
      /target.*(KAFKA_STORAGE_ERROR|Connection refused|Disconnected|brokers are down)/,
      120 * SECOND
    )
    await sleep(10 * SECOND)
    expect(fault.run.count(/crashed/), fault.run.stderr).toBe(0)
    await fault.load.stop()
    await unlink(filler)
    await pair.target.restart()
    await fault.recovers(60 * SECOND)
    await fault.finish()
  })
})
