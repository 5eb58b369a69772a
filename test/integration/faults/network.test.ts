import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { TcpProxy } from '../../helpers/tcp-proxy.ts'
import { freePort } from '../../helpers/free-port.ts'
import { ClusterPair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'

// The faults N1 to N4: what networks do, between millrace and either cluster. The writer and the oracle go past it.

const SECOND = 1000
const CUT_MS = 60 * SECOND
/** librdkafka's default: what is unanswered for so long is lost, and the connection with it. */
const SOCKET_TIMEOUT_MS = 60 * SECOND
/** Reconnecting backs off up to 10 s. */
const RECONNECT_MS = 20 * SECOND

describeWithBrokers('a network', () => {
  let pair: ClusterPair
  let toSource: TcpProxy
  let toTarget: TcpProxy

  beforeAll(async () => {
    const [sourcePort, targetPort] = [await freePort(), await freePort()]
    toSource = await TcpProxy.start(() => sourcePort)
    toTarget = await TcpProxy.start(() => targetPort)
    pair = await ClusterPair.start({
      source: { port: sourcePort, advertised: `127.0.0.1:${toSource.port}` },
      target: { port: targetPort, advertised: `127.0.0.1:${toTarget.port}` }
    })
  })
  afterEach(async () => {
    for (const proxy of [toSource, toTarget]) proxy?.set({})
    await pair?.endProcesses()
  })
  afterAll(async () => {
    await pair?.stop()
    await toSource?.stop()
    await toTarget?.stop()
  })

  it('N1: cut to the source for 60 s: resumes, nothing lost', async () => {
    const fault = await FaultCase.start(pair, 'N1', 'source-cut')
    toSource.set({ cut: true })
    await sleep(CUT_MS)
    toSource.set({})
    await fault.recovers(30 * SECOND)
    await fault.finish()
  })

  it('N2: cut to the target for 60 s with requests in flight: resumes, nothing lost, memory flat', async () => {
    const fault = await FaultCase.start(pair, 'N2', 'target-cut', { load: { rate: 2000 } })
    toTarget.set({ cut: true })
    await sleep(CUT_MS)
    toTarget.set({})
    await fault.recovers(30 * SECOND)
    await fault.finish()
  })

  it('N3: replies of the target dropped: noticed within the socket time-out, resumes', async () => {
    const fault = await FaultCase.start(pair, 'N3', 'replies-dropped')
    toTarget.set({ dropReplies: true })
    await fault.run.printed(/target.*(timed out|Timed out)/, SOCKET_TIMEOUT_MS + RECONNECT_MS)
    toTarget.set({})
    await fault.recovers(SOCKET_TIMEOUT_MS + RECONNECT_MS)
    await fault.finish()
  })

  it('N3: half-open connections to both clusters: noticed within the socket time-out, resumes', async () => {
    const fault = await FaultCase.start(pair, 'N3', 'half-open')
    toTarget.loseBrokerEnds()
    toSource.loseBrokerEnds()
    await fault.recovers(SOCKET_TIMEOUT_MS + RECONNECT_MS)
    await fault.finish()
  })

  it('N4: a round trip of 300 ms to both clusters: progress, memory flat', async () => {
    for (const proxy of [toSource, toTarget]) proxy.set({ delayMs: 150 })
    const fault = await FaultCase.start(pair, 'N4', 'far-away')
    await fault.copiedMoreThan((await fault.copied()) + 5000, 60 * SECOND)
    await fault.finish()
  })

  it('N4: every connection reset every 5 s: progress, nothing lost', async () => {
    const fault = await FaultCase.start(pair, 'N4', 'resets')
    for (let reset = 0; reset < 6; reset++) {
      await sleep(5 * SECOND)
      const before = await fault.copied()
      toSource.resetAll()
      toTarget.resetAll()
      await fault.copiedMoreThan(before, 15 * SECOND)
    }
    await fault.recovers(15 * SECOND)
    await fault.finish()
  })

  it('N4: 1 Mbit/s to the target: progress, memory flat', async () => {
    const fault = await FaultCase.start(pair, 'N4', 'narrow', { load: { rate: 1000, largest: 200_000 } })
    toTarget.set({ bytesPerSecond: 125_000 })
    const before = await fault.copied()
    await sleep(30 * SECOND)
    expect(await fault.copied()).toBeGreaterThan(before)
    toTarget.set({})
    await fault.recovers(30 * SECOND)
    await fault.finish()
  })
})
