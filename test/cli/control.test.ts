import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { ControlSocket } from '../../src/job/control/control-socket.ts'
import { FlowControl } from '../../src/job/flow/flow-control.ts'
import type { JobSnapshot } from '../../src/job/job-types.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { type FakeContext, fakeContext } from './fake-context.ts'
import { progressOf, snapshotOf } from './fake-job.ts'

let dir: TempDir
let socket: ControlSocket
let context: FakeContext
let snapshot: JobSnapshot

beforeEach(async () => {
  dir = await tempDir()
  context = fakeContext({ cwd: dir.path })
  snapshot = snapshotOf()
  const stateDir = join(dir.path, '.millrace', 'orders-to-dr')
  mkdirSync(stateDir, { recursive: true })
  const control = new FlowControl({
    rate: {},
    snapshot: () => ({ ...snapshot, rate: control.flow.rate, pauses: control.flow.pauses }),
    planned: () => snapshot.partitions,
    onChange: () => undefined,
    onEvent: () => undefined
  })
  socket = await ControlSocket.open(stateDir, control)
})
afterEach(async () => {
  await socket.close()
  await dir.remove()
})

async function control(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [context.stdout.text.length, context.stderr.text.length]
  const exitCode = await runCommandLine(['control', ...args], context)
  return { exitCode, stdout: context.stdout.text.slice(stdout), stderr: context.stderr.text.slice(stderr) }
}

describe('millrace control', () => {
  it('shows what the job does, by name, file or state directory', async () => {
    writeFileSync(
      join(dir.path, 'job.yaml'),
      'name: orders-to-dr\nsource: { bootstrapServers: a }\ntarget: { bootstrapServers: b }\ntopics: { include: [orders] }\n'
    )
    const byName = await control('orders-to-dr', 'status')
    expect(byName).toMatchObject({ exitCode: 0, stderr: '' })
    expect(byName.stdout).toMatch(/^orders-to-dr {2}RUNNING/)
    expect(byName.stdout).toContain('It may copy as much as it can. Nothing is paused.')
    expect(byName.stdout).toMatch(/orders-0 +orders-copy +100 +150 +50 +copying/)
    expect((await control('job.yaml', 'status')).stdout).toBe(byName.stdout)
    expect((await control('any', 'status', '--state-dir', '.millrace/orders-to-dr')).stdout).toBe(byName.stdout)
  })

  it('gives documents to programs', async () => {
    const status = JSON.parse((await control('orders-to-dr', 'status', '-o', 'json')).stdout) as unknown
    expect(status).toMatchObject({ name: 'orders-to-dr', lag: 50, rate: { bytes: null, records: null } })
    expect(parse((await control('orders-to-dr', 'status', '-o', 'yaml')).stdout)).toEqual(status)
  })

  it('changes the rate, each of its parts alone', async () => {
    expect((await control('orders-to-dr', 'rate')).stdout).toBe('The job may copy as much as it can.\n')
    expect((await control('orders-to-dr', 'rate', '--bytes', '5MiB')).stdout).toBe('The job may copy 5.0 MiB/s.\n')
    const both = await control('orders-to-dr', 'rate', '--records', '50_000')
    expect(both.stdout).toBe('The job may copy 5.0 MiB/s and 50,000 records/s.\n')
    const one = await control('orders-to-dr', 'rate', '--bytes', 'unlimited', '-o', 'json')
    expect(JSON.parse(one.stdout)).toEqual({ records: 50_000 })
  })

  it('pauses and resumes the job, a topic and a partition', async () => {
    expect((await control('orders-to-dr', 'pause', 'orders/0')).stdout).toBe('Paused: orders/0.\n')
    expect((await control('orders-to-dr', 'status')).stdout).toMatch(/orders-0 .* paused/)
    expect((await control('orders-to-dr', 'pause', 'orders')).stdout).toBe('Paused: topic orders, orders/0.\n')
    expect((await control('orders-to-dr', 'pause')).stdout).toBe('Paused: the job, topic orders, orders/0.\n')
    expect((await control('orders-to-dr', 'resume', 'orders')).stdout).toBe('Paused: the job.\n')
    expect((await control('orders-to-dr', 'resume')).stdout).toBe('Nothing is paused.\n')
  })

  it('shows stuck partitions first, each reason once', async () => {
    const reason = { code: 'MR_STUCK_TARGET', message: 'Nothing is acknowledged.', next: 'Look at it.' }
    const partitions = Array.from({ length: 30 }, (_, partition) => progressOf({ partition, end: 1000 }))
    snapshot = snapshotOf({
      partitions: [...partitions, progressOf({ partition: 30 })],
      stuck: [29, 30].map((partition) => ({ topic: 'orders', partition, lag: 1, seconds: 20, reason }))
    })
    const { stdout } = await control('orders-to-dr', 'status')
    const lines = stdout.split('\n')
    expect(lines[6]).toMatch(/orders-29 .*stuck, MR_STUCK_TARGET/)
    expect(lines[7]).toMatch(/orders-30 .*stuck, MR_STUCK_TARGET/)
    expect(stdout).toContain('… and 11 partitions with less lag')
    expect(stdout).toContain('MR_STUCK_TARGET (2 partitions): Nothing is acknowledged.\n  Next: Look at it.\n')
  })

  it.each([
    [['other', 'status'], 1, 'MR_CONTROL_NOT_RUNNING'],
    [['orders-to-dr', 'pause', 'order'], 2, 'MR_CONTROL_TOPIC source order'],
    [['orders-to-dr', 'pause', 'orders/7'], 2, 'MR_CONTROL_TOPIC source orders-7'],
    [['orders-to-dr', 'pause', 'orders/x'], 2, 'MR_CONTROL_USAGE'],
    [['orders-to-dr', 'pause', '/orders.*/'], 2, 'MR_CONTROL_USAGE'],
    [['orders-to-dr', 'status', 'orders'], 2, 'MR_CONTROL_USAGE'],
    [['orders-to-dr', 'rate', '--bytes', '0'], 2, 'MR_CONTROL_USAGE'],
    [['orders-to-dr', 'rate', '--records', '1.5'], 2, 'MR_CONTROL_USAGE'],
    [['orders-to-dr', 'pause', '--bytes', '5MiB'], 2, 'MR_CONTROL_USAGE'],
    [['missing.yaml', 'status'], 2, 'MR_CONFIG'],
    [['orders-to-dr', 'stop'], 2, 'Allowed choices']
  ])('%j ends with %d and says why: %s', async (args, exitCode, text) => {
    const end = await control(...args)
    expect(end.exitCode, end.stderr).toBe(exitCode)
    expect(end.stderr).toContain(text)
    expect(end.stdout).toBe('')
  })
})
