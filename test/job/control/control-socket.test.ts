import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askControl } from '../../../src/job/control/ask-control.ts'
import { controlPath } from '../../../src/job/control/control-path.ts'
import { ControlSocket } from '../../../src/job/control/control-socket.ts'
import { FlowControl } from '../../../src/job/flow/flow-control.ts'
import type { Flow } from '../../../src/job/flow/flow.ts'
import type { JobEvent } from '../../../src/telemetry/events.ts'
import { snapshotOf } from '../../cli/fake-job.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

let dir: TempDir
let socket: ControlSocket | undefined
let flows: Flow[]
let events: JobEvent[]

const controlled = (): FlowControl =>
  new FlowControl({
    rate: { bytes: 100 },
    snapshot: () => snapshotOf(),
    planned: () => [
      { topic: 'orders', partition: 0 },
      { topic: 'orders', partition: 1 }
    ],
    onChange: (flow) => flows.push(flow),
    onEvent: (event) => events.push(event)
  })

beforeEach(async () => {
  dir = await tempDir()
  flows = []
  events = []
})
afterEach(async () => {
  await socket?.close()
  socket = undefined
  await dir.remove()
})

/** Sends raw bytes and reads until the other side ends, or `lines` lines came. */
async function talk(text: string | Buffer, lines: number): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    let answer = ''
    const connection = connect(controlPath(dir.path), () => connection.write(text))
    connection.on('error', reject)
    connection.on('close', () => resolve(answer.split('\n').slice(0, -1)))
    connection.on('data', (data) => {
      answer += data.toString()
      if (answer.split('\n').length > lines) connection.destroy()
    })
  })
}

describe('a control socket', () => {
  it('is for its owner alone', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    expect(statSync(controlPath(dir.path)).mode & 0o777).toBe(0o600)
  })

  it('does what it is asked for, and is gone when it is closed', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    expect(await askControl(dir.path, { op: 'rate', change: { bytes: null, records: 7 } })).toEqual({ records: 7 })
    expect(await askControl(dir.path, { op: 'rate', change: {} })).toEqual({ records: 7 })
    expect(flows).toHaveLength(1)
    const pauses = { job: false, topics: ['orders'], partitions: [] }
    expect(await askControl(dir.path, { op: 'pause', target: { topic: 'orders' } })).toEqual(pauses)
    expect(await askControl(dir.path, { op: 'resume', target: {} })).toMatchObject({ topics: [] })
    expect(events.map(({ type }) => type)).toEqual(['rate-changed', 'paused', 'resumed'])
    expect(await askControl(dir.path, { op: 'status' })).toMatchObject({
      name: 'orders-to-dr',
      state: 'RUNNING',
      rate: { bytes: null, records: null },
      lag: 50,
      partitions: [{ topic: 'orders', partition: 0, to: 100, end: 150, lag: 50, paused: false, stuck: null }]
    })
    await socket.close()
    socket = undefined
    expect(existsSync(controlPath(dir.path))).toBe(false)
  })

  it('refuses what the job does not have, and nothing is changed', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    for (const target of [{ topic: 'order' }, { topic: 'orders', partition: 2 }]) {
      await expect(askControl(dir.path, { op: 'pause', target })).rejects.toMatchObject({
        code: 'MR_CONTROL_TOPIC',
        kind: 'configuration',
        place: { topic: target.topic }
      })
    }
    expect(flows).toEqual([])
  })

  it('answers several requests of one connection, in order, in whatever pieces they come', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    const answers = await talk('{"v":1,"op":"rate"}\nnonsense\n{"v":1,"op":"pause"}\n', 3)
    expect(answers.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { v: 1, ok: { bytes: 100 } },
      { v: 1, error: { code: 'MR_CONTROL_REQUEST' } },
      { v: 1, ok: { job: true } }
    ])
  })

  it('cuts off who sends too much without a line break', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    const [answer = ''] = await talk(Buffer.alloc(100_000, 'x'), 1)
    expect(answer).toContain('longer than 4096 bytes')
    await expect(askControl(dir.path, { op: 'status' })).resolves.toBeDefined()
  })

  it('is refused to a second job with the same state directory', async () => {
    socket = await ControlSocket.open(dir.path, controlled())
    await expect(ControlSocket.open(dir.path, controlled())).rejects.toMatchObject({
      code: 'MR_JOB_RUNNING',
      kind: 'refused'
    })
    await expect(askControl(dir.path, { op: 'status' })).resolves.toBeDefined()
  })

  it('that a killed process left behind is taken over', async () => {
    const path = controlPath(dir.path)
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
    expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL')
    expect(existsSync(path)).toBe(true)
    await expect(askControl(dir.path, { op: 'status' })).rejects.toMatchObject({ code: 'MR_CONTROL_NOT_RUNNING' })
    socket = await ControlSocket.open(dir.path, controlled())
    await expect(askControl(dir.path, { op: 'status' })).resolves.toBeDefined()
  })

  it('can not have a path that is too long, which is told by both sides', async () => {
    const deep = join(dir.path, 'x'.repeat(120))
    mkdirSync(deep)
    await expect(ControlSocket.open(deep, controlled())).rejects.toMatchObject({
      code: 'MR_CONTROL_PATH',
      message: expect.stringMatching(/\d+ bytes, and the system takes 10[37]/) as unknown
    })
    await expect(askControl(deep, { op: 'status' })).rejects.toMatchObject({ code: 'MR_CONTROL_PATH' })
  })

  it('can not be where a directory is missing', async () => {
    const missing = join(dir.path, 'gone')
    await expect(ControlSocket.open(missing, controlled())).rejects.toMatchObject({ code: 'MR_CONTROL_SOCKET' })
    await expect(askControl(missing, { op: 'status' })).rejects.toMatchObject({ code: 'MR_CONTROL_NOT_RUNNING' })
  })

  it('takes over what is no socket at all', async () => {
    writeFileSync(controlPath(dir.path), '')
    socket = await ControlSocket.open(dir.path, controlled())
    await expect(askControl(dir.path, { op: 'status' })).resolves.toBeDefined()
  })
})

describe('a job that does not answer', () => {
  it.each([
    ['nothing', '', /nothing came/],
    ['nonsense', 'hello\n', /not of this version/],
    ['another version', '{"v":2,"ok":{}}\n', /not of this version/]
  ])('but says %s is told so', async (_, text, why) => {
    const server = createServer((connection) => void (text !== '' && connection.write(text)))
    await new Promise<void>((resolve) => void server.listen(controlPath(dir.path), resolve))
    try {
      await expect(askControl(dir.path, { op: 'status' }, 200)).rejects.toMatchObject({
        code: 'MR_CONTROL_NO_ANSWER',
        message: expect.stringMatching(why) as unknown
      })
    } finally {
      server.close()
    }
  })
})
