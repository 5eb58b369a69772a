import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../helpers/free-port.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { ClusterPair } from '../integration/faults/cluster-pair.ts'
import { resourcesOf, watchMemory, type Resources } from '../integration/faults/process-tree.ts'
import { Chance } from './chance.ts'
import { growthOf } from './growth.ts'
import { RANDOM_FAULTS, type Victims } from './random-faults.ts'

/*
 * npm run test:soak -- --minutes 30 [--seed 7] [--only 'killed|frozen']
 *
 * Random faults in the order that a seed decides, under a load of everything that Kafka takes. Exit code 1: something was
 * lost, did not go on within two minutes, or grew.
 */

const SECOND = 1000
const MIB = 1024 * 1024
const TOPIC = 'soak'
/** A half-open connection is noticed after the socket time-out of a minute. */
const RECOVERY_MS = 120 * SECOND
const QUIET_MS = 4 * SECOND
const SAMPLES_EACH = 3
const MEMORY_MIB = 512

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    rate: { type: 'string', default: '500' },
    only: { type: 'string', default: '' }
  }
})
const minutes = Number(values.minutes)
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const faults = RANDOM_FAULTS.filter(({ name }) => new RegExp(values.only).test(name))
if (!(minutes > 0) || !Number.isSafeInteger(seed) || faults.length === 0) {
  console.error('usage: npm run test:soak -- --minutes N [--seed S] [--rate RECORDS-A-SECOND] [--only NAMES-OF-FAULTS]')
  process.exit(2)
}
process.exitCode = (await soak()) ? 0 : 1

async function soak(): Promise<boolean> {
  console.log(`${minutes} minutes, seed ${seed}`)
  const ports = [await freePort(), await freePort()] as const
  const toSource = await TcpProxy.start(() => ports[0])
  const toTarget = await TcpProxy.start(() => ports[1])
  const pair = await ClusterPair.start({
    source: { port: ports[0], advertised: `127.0.0.1:${toSource.port}` },
    target: { port: ports[1], advertised: `127.0.0.1:${toTarget.port}` }
  })
  try {
    return await underFaults(pair, toSource, toTarget)
  } finally {
    for (const proxy of [toSource, toTarget]) proxy.set({})
    await pair.stop()
    await toSource.stop()
    await toTarget.stop()
  }
}

async function underFaults(pair: ClusterPair, toSource: TcpProxy, toTarget: TcpProxy): Promise<boolean> {
  const chance = new Chance(seed)
  const failures: string[] = []
  await pair.createSourceTopic(TOPIC, 4, { 'retention.ms': '-1', 'max.message.bytes': '5000000' })
  const load = await pair.startLoad({ topic: TOPIC, partitions: 4, kind: 'mixed', rate: Number(values.rate), seed })
  const job = await pair.job(TOPIC, {
    topics: { include: [TOPIC] },
    workers: 2,
    limits: { memory: `${MEMORY_MIB}MiB` },
    checkpoint: { interval: '500ms' }
  })
  const run = job.start([], { timeoutMs: (minutes + 30) * 60 * SECOND })
  const memory = watchMemory(run.pid, 500)
  const victims: Victims = {
    run: () => run,
    sides: [
      { name: 'source', broker: pair.source, proxy: toSource },
      { name: 'target', broker: pair.target, proxy: toTarget }
    ]
  }
  const held = new Map<number, Resources[]>()
  const happened = new Map<string, number>()
  const deadline = Date.now() + minutes * 60 * SECOND
  await goesOn(pair, 0)
  while (Date.now() < deadline && failures.length === 0) {
    const fault = chance.pick(faults)
    happened.set(fault.name, (happened.get(fault.name) ?? 0) + 1)
    await fault.happen(victims, chance)
    for (const proxy of [toSource, toTarget]) proxy.set({})
    const clearedAt = performance.now()
    const recovered = await goesOn(pair, await pair.copied(TOPIC))
    const seconds = ((performance.now() - clearedAt) / SECOND).toFixed(1)
    if (!recovered)
      failures.push(`${fault.name}: did not go on within ${RECOVERY_MS / SECOND} s\n${run.stderr.slice(-5000)}`)
    for (let sample = 0; sample < SAMPLES_EACH; sample++) {
      await sleep(QUIET_MS / SAMPLES_EACH)
      for (const pid of [run.pid, ...run.workers()]) {
        const now = resourcesOf(pid)
        if (now !== undefined) held.set(pid, [...(held.get(pid) ?? []), now])
      }
    }
    const heldNow = run.workers().map((pid) => `${pid} ${memoryOf(held.get(pid)?.at(-1))}`)
    console.log(
      `${fault.name}: ${recovered ? `goes on after ${seconds} s` : 'DOES NOT GO ON'}; held by ${heldNow.join(', ')}`
    )
  }
  memory.stop()
  const written = await load.stop()
  run.kill('SIGTERM')
  const stopped = await run.finished()
  if (stopped.exitCode !== 143) failures.push(`ended with ${stopped.exitCode}\n${stopped.stderr.slice(-5000)}`)
  const end = await job.run(['--set', 'stop.at=end'], { timeoutMs: 10 * 60 * SECOND })
  if (end.exitCode !== 0) failures.push(`the rest was not copied: ${end.exitCode}\n${end.stderr.slice(-5000)}`)
  const found = await pair.compare([TOPIC], { group: job.groupId, lateOwners: true })

  console.log(`\n${[...happened].map(([name, times]) => `${times} × ${name}`).join('\n')}\n`)
  for (const [pid, samples] of held) {
    const growth = growthOf(samples)
    if (growth === undefined) continue
    const name = pid === run.pid ? 'supervisor' : `worker ${pid}`
    const parts = growth.map(({ what, early, late, grew }) => `${what} ${early} → ${late}${grew ? ' GROWS' : ''}`)
    console.log(`${name}, ${samples.length} samples: ${parts.join(', ')}`)
    if (growth.some(({ grew }) => grew)) failures.push(`${name} holds more and more: ${parts.join(', ')}`)
  }
  const peakMib = Math.round(Math.max(0, ...memory.samples) / MIB)
  const { lost, duplicate, reordered, phantom, altered, earlyCheckpoints, sourceRecords } = found
  console.log(
    `\nwritten ${written.records}, aborted ${written.aborted}, at the source ${sourceRecords}, peak memory ${peakMib} MiB`
  )
  const early = earlyCheckpoints.length
  console.table([{ lost, duplicate, reordered, phantom, altered, 'early checkpoint': early }])
  if (lost + reordered + phantom + altered + early > 0) failures.push(JSON.stringify(found.examples, undefined, 2))
  if (peakMib > MEMORY_MIB) failures.push(`${peakMib} MiB were used, ${MEMORY_MIB} are allowed`)
  for (const failure of failures) console.error(`\nFAILED: ${failure}`)
  console.log(failures.length === 0 ? `passed, seed ${seed}` : `failed, again with --seed ${seed}`)
  return failures.length === 0
}

function memoryOf(resources: Resources | undefined): string {
  return resources === undefined ? '?' : `${Math.round(resources.rssBytes / MIB)} MiB`
}

async function goesOn(pair: ClusterPair, after: number): Promise<boolean> {
  const deadline = Date.now() + RECOVERY_MS
  while (Date.now() < deadline) {
    const copied = await pair.copied(TOPIC).catch(() => -1)
    if (copied > after) return true
    await sleep(200)
  }
  return false
}
