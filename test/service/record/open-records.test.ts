import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobFigures, JobLifecycleState, JobListItem } from '../../../src/api/contract.ts'
import { openRecords } from '../../../src/service/record/open-records.ts'
import type { JobTelling, Records } from '../../../src/service/record/records.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { startWebhookReceiver } from '../../helpers/webhook-receiver.ts'
import { figuresOf } from '../alarms/facts.ts'
import { secretsInMemory } from '../alarms/secrets.ts'

const ME = { who: 'me' }
const START = Date.UTC(2030, 0, 1)

describe('what is recorded', () => {
  let dir: TempDir
  let records: Records
  let now: number
  let state: JobLifecycleState
  let figures: JobFigures | null

  const open = async (): Promise<void> => {
    records = await openRecords({
      dataDirectory: dir.path,
      view: {
        names: () => ['dr'],
        item: (name) => ({ name, state, figures }) as JobListItem,
        job: () => undefined,
        partitions: () => [],
        connections: () => []
      },
      health: () => ({ status: 'ok', version: '1', reasons: [] }),
      secrets: secretsInMemory(),
      now: () => now
    })
    await records.jobs.open({
      name: 'dr',
      logDirectory: join(dir.path, 'log'),
      stateDirectory: join(dir.path, 'state')
    })
  }
  const tell = (changes: Partial<JobTelling> = {}): void => {
    const telling = { at: now, level: 'info', type: 'topic-found', text: 'Found.', attributes: { topic: 't' } } as const
    records.jobs.told('dr', { ...telling, ...changes }, 'info')
  }
  const measure = (seconds: number, changes: Partial<JobFigures>): void => {
    for (let n = 0; n < seconds * 2; n++) {
      now += 500
      figures = figuresOf(changes)
      records.jobs.measured('dr', now, figures)
    }
  }
  const alarms = () => (records as unknown as { readonly alarms: { evaluate(): void } }).alarms

  beforeEach(async () => {
    dir = await tempDir()
    mkdirSync(join(dir.path, 'log'))
    now = START
    state = 'RUNNING'
    figures = null
    await open()
  })
  afterEach(async () => {
    await records.close()
    await dir.remove()
  })

  it('of a job is its events and its log, each with what belongs there', async () => {
    tell()
    tell({ level: 'debug', text: 'Detail.' })
    tell({ type: 'client-event', text: 'Connected.' })
    tell({ type: 'client-event', level: 'warn', text: 'Broker away.' })
    tell({ type: 'state', text: 'The job is RUNNING.' })
    records.jobs.entered('dr', now, 'FAILED', { code: 'MR_X', message: 'It broke.', next: 'Mend it.' })
    const { items, total } = await records.jobs.events('dr', {})
    expect(items.map(({ type, text }) => `${type}: ${text}`)).toEqual([
      'state: The job is FAILED: It broke. Next: Mend it.',
      'client-event: Broker away.',
      'topic-found: Found.'
    ])
    expect(total).toBe(3)
    const lines = await records.jobs.logs('dr', {})
    expect(lines.map(({ message }) => message)).toEqual(['Found.', 'Connected.', 'Broker away.', 'The job is RUNNING.'])
    expect(lines[0]).toMatchObject({ level: 'info', attributes: { event: 'topic-found', topic: 't' } })
  })

  it('of the log is found by level and by text, in messages and attributes, whatever the case', async () => {
    tell({ text: 'Say "hello"\nto Ünder', level: 'warn' })
    tell({ text: 'nothing', attributes: { topic: 'Orders' } })
    tell({ text: 'last', level: 'error' })
    const found = async (request: Parameters<Records['jobs']['logs']>[1]) =>
      (await records.jobs.logs('dr', request)).map(({ id }) => id)
    expect(await found({ level: 'warn' })).toEqual([1, 3])
    expect(await found({ search: '"HELLO"\nto ü' })).toEqual([1])
    expect(await found({ search: 'orders' })).toEqual([2])
    expect(await found({ search: String(now) })).toEqual([])
    expect(await found({ search: '.*' })).toEqual([])
    expect(await found({ limit: 2 })).toEqual([2, 3])
    expect(await found({ before: 3, limit: 1 })).toEqual([2])
    expect(await found({ after: 1, limit: 1 })).toEqual([2])
  })

  it('of a job goes on after a restart: history, markers, ids', async () => {
    tell({ type: 'worker-crashed', level: 'error', text: 'Worker 1 crashed.' })
    tell({ type: 'assigned', text: 'a' })
    tell({ type: 'assigned', text: 'b' })
    measure(20, { rates: { recordsIn: 1, recordsOut: 50, bytesIn: 1, bytesOut: 1 } })
    await records.close()
    await open()
    const history = await records.jobs.history('dr', { from: START })
    expect(history.series.recordsOut.filter((value) => value === 50).length).toBeGreaterThanOrEqual(4)
    expect(history.markers.map(({ kind }) => kind)).toEqual(['restart', 'rebalance'])
    expect(records.jobs.sparkline('dr').filter((value) => value === 50).length).toBeGreaterThanOrEqual(4)
    tell()
    expect((await records.jobs.events('dr', {})).items[0]?.id).toBe(4)
  })

  it('makes an alarm of figures: it is told, stands in the stream and is a marker of the history', async () => {
    const receiver = await startWebhookReceiver()
    await records.alarms.putChannel('ops', { kind: 'webhook', url: receiver.url }, {}, ME)
    const rule = {
      title: 'Refused',
      jobs: ['dr'],
      subject: 'badRecords',
      condition: { is: 'above', value: 2 },
      forSeconds: 0,
      severity: 'critical',
      notify: ['ops'],
      enabled: true
    } as const
    await records.alarms.putRule('bad', rule, {}, ME)
    const abort = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      for await (const { message } of records.stream({ jobs: false, partitions: false }, abort.signal)) {
        if (message.type === 'alarm') seen.push(message.alarm.state)
      }
    })()
    const bad = (deadLettered: number) => ({ notCopied: { deadLettered, skipped: 1, altered: 9, losses: 9 } })
    measure(5, bad(1))
    alarms().evaluate()
    expect(records.firing('dr')).toEqual([])
    // A new run counts from 0; what was before is of the last five minutes, too.
    measure(5, bad(0))
    alarms().evaluate()
    expect(records.firing('dr')).toMatchObject([{ rule: 'bad', state: 'firing' }])
    await receiver.until(1)
    measure(310, bad(0))
    alarms().evaluate()
    expect(records.firing('dr')).toEqual([])
    await receiver.until(2)
    const { markers } = await records.jobs.history('dr', { from: START })
    expect(markers.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['alarm Refused', 'alarm Resolved: Refused'])
    abort.abort()
    await reading
    expect(seen).toContain('firing')
    await receiver.close()
  }, 15_000)

  it('of a job that is not open is nothing, and of one that is forgotten nothing is written any more', async () => {
    records.jobs.measured('other', now, figuresOf())
    records.jobs.told('other', { at: now, level: 'info', type: 'x', text: '', attributes: {} }, 'info')
    await expect(records.jobs.events('other', {})).rejects.toMatchObject({ code: 'MR_SERVICE_NOT_FOUND' })
    tell()
    await records.jobs.forget('dr')
    rmSync(join(dir.path, 'log'), { recursive: true })
    tell()
    await expect(records.jobs.history('dr', {})).rejects.toMatchObject({ code: 'MR_SERVICE_NOT_FOUND' })
    expect(records.reasons()).toEqual([])
  })

  it('and can not be is a reason of the health, and the job does not notice', async () => {
    rmSync(join(dir.path, 'log'), { recursive: true })
    tell()
    measure(10, {})
    records.jobs.entered('dr', now, 'RUNNING', null)
    expect(records.reasons()).toMatchObject([{ code: 'MR_SERVICE_STORAGE' }])
    mkdirSync(join(dir.path, 'log'))
    tell()
    measure(10, {})
    records.jobs.entered('dr', now, 'PAUSED', null)
    expect(records.reasons()).toEqual([])
  })

  it('of who did what is on the disk when that returns, and found by subject', async () => {
    const entry = { who: 'me', action: 'job.start', detail: '', outcome: 'done' } as const
    for (let n = 1; n <= 5; n++) await records.audit.write({ ...entry, subject: `job ${n % 2}` })
    expect(readFileSync(join(dir.path, 'audit.jsonl'), 'utf8').trim().split('\n')).toHaveLength(5)
    const page = await records.audit.read({ limit: 2 })
    expect(page).toMatchObject({ total: 5, items: [{ id: 5, at: now }, { id: 4 }], nextCursor: '4' })
    const found = await records.audit.read({ subject: 'job 1', cursor: page.nextCursor ?? '' })
    expect(found).toMatchObject({ total: null, items: [{ id: 3 }, { id: 1 }], nextCursor: null })
  })

  it('of who did what is refused where it can not be kept', async () => {
    mkdirSync(join(dir.path, 'audit.jsonl'))
    const entry = { who: 'me', action: 'job.start', subject: 'job 1', detail: '', outcome: 'done' } as const
    await expect(records.audit.write(entry)).rejects.toMatchObject({ code: 'MR_SERVICE_STORAGE' })
    expect(records.reasons()).toMatchObject([{ code: 'MR_SERVICE_STORAGE' }])
  })
})
