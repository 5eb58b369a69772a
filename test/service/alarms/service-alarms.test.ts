import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alarm, AlarmRuleInput, AuditLogEntry } from '../../../src/api/contract.ts'
import type { AlarmFacts } from '../../../src/service/alarms/alarm-facts.ts'
import { ServiceAlarms } from '../../../src/service/alarms/service-alarms.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { startSmtpReceiver } from '../../helpers/smtp-receiver.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../helpers/webhook-receiver.ts'
import { factsOf, figuresOf } from './facts.ts'
import { secretsInMemory } from './secrets.ts'

const ME = { who: 'me' }
const LAG: AlarmRuleInput = {
  title: 'Far behind',
  jobs: [],
  subject: 'lagRecords',
  condition: { is: 'above', value: 100 },
  forSeconds: 60,
  severity: 'critical',
  notify: ['ops'],
  enabled: true
}

describe('the alarms of the service', () => {
  let dir: TempDir
  let receiver: WebhookReceiver
  let alarms: ServiceAlarms
  let now: number
  let facts: AlarmFacts[]
  let published: Alarm[]
  let audit: Omit<AuditLogEntry, 'id' | 'at'>[]
  let secrets: ReturnType<typeof secretsInMemory>

  const open = async (retryDelaysMs: readonly number[] = [10, 10]): Promise<ServiceAlarms> => {
    alarms = await ServiceAlarms.open({
      directory: join(dir.path, 'alarms'),
      secrets,
      sources: { env: { HOOK: 'from the environment' }, cwd: dir.path },
      now: () => now,
      audit: {
        write: async (entry) => {
          audit.push(entry)
          await Promise.resolve()
        },
        read: () => Promise.reject(new Error('not asked for'))
      },
      facts: () => facts,
      onAlarm: (alarm) => published.push(alarm),
      retryDelaysMs
    })
    return alarms
  }
  const behind = (lagRecords: number, job = 'dr'): AlarmFacts => factsOf({ job, figures: figuresOf({ lagRecords }) })
  /** Looks every five seconds. */
  const pass = (seconds: number): void => {
    for (let n = 0; n < seconds; n += 5) {
      now += 5000
      alarms.evaluate()
    }
  }
  const bodies = () =>
    receiver.received.map(({ body }) => JSON.parse(body) as { type: string; delivery: string; alarm: Alarm })
  const told = async (count: number): Promise<void> => {
    await receiver.until(count)
    // The answer is on its way back.
    for (let n = 0; n < 200 && published.at(-1)?.notifications.length !== count; n++) await alarms.saved().then(wait)
    await alarms.saved()
  }
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
  const file = (name: string): string => join(dir.path, 'alarms', name)

  beforeEach(async () => {
    dir = await tempDir()
    receiver = await startWebhookReceiver()
    now = Date.UTC(2030, 0, 1)
    facts = []
    published = []
    audit = []
    secrets = secretsInMemory()
    await open()
    await alarms.putChannel('ops', { kind: 'webhook', url: receiver.url, secret: { set: 'geheim' } }, {}, ME)
  })
  afterEach(async () => {
    await alarms.close()
    await receiver.close()
    await dir.remove()
  })

  it('go through pending and firing to resolved, are told, and stand in the history', async () => {
    await alarms.putRule('lag', LAG, {}, ME)
    facts = [behind(500), behind(5, 'other')]
    pass(5)
    expect(await alarms.active()).toMatchObject([{ state: 'pending', job: 'dr', rule: 'lag', firedAt: null }])
    expect(alarms.firing('dr')).toEqual([])
    pass(60)
    expect(alarms.firing('dr')).toMatchObject([{ state: 'firing', severity: 'critical', firedAt: now }])
    expect((await alarms.rules())[0]?.firing).toBe(1)
    await told(1)
    expect(alarms.firing('dr')[0]?.notifications).toMatchObject([{ channel: 'ops', ok: true, attempts: 1 }])
    facts = [behind(5)]
    pass(5)
    expect(await alarms.active()).toEqual([])
    await told(2)
    expect(bodies().map(({ type, alarm }) => [type, alarm.id])).toEqual([
      ['alarm.fired', 1],
      ['alarm.resolved', 1]
    ])
    const { items, total } = await alarms.history({})
    expect(items).toMatchObject([{ id: 1, state: 'resolved', resolvedAt: now, notifications: [{}, {}] }])
    expect(total).toBe(1)
  })

  it('that fire survive a restart, and nobody is told twice', async () => {
    await alarms.putRule('lag', LAG, {}, ME)
    facts = [behind(500)]
    pass(70)
    await told(1)
    const before = alarms.firing('dr')
    await alarms.close()
    now += 3_600_000
    await open()
    expect(alarms.firing('dr')).toEqual(before)
    pass(120)
    await wait()
    expect(receiver.received).toHaveLength(1)
    facts = [behind(0)]
    pass(5)
    await told(2)
    expect(bodies()[1]).toMatchObject({ type: 'alarm.resolved', alarm: { id: 1 } })
    await alarms.close()
    await open()
    expect((await alarms.history({})).items).toHaveLength(1)
    facts = [behind(500)]
    pass(70)
    expect(alarms.firing('dr')[0]?.id).toBe(2)
  })

  it('that could not be told before the service was killed are told after it, with the same delivery id', async () => {
    await alarms.close()
    await open([60_000])
    receiver.answer(503)
    await alarms.putRule('lag', { ...LAG, forSeconds: 0 }, {}, ME)
    facts = [behind(500)]
    pass(5)
    await receiver.until(1)
    await alarms.saved()
    // What the disk had when it was killed.
    const killed = readFileSync(file('active.yaml'), 'utf8')
    await alarms.close()
    writeFileSync(file('active.yaml'), killed)
    receiver.answer(200)
    await open()
    await receiver.until(2)
    const [first, second] = bodies()
    expect(second?.delivery).toBe(first?.delivery)
    for (let n = 0; n < 100 && alarms.firing('dr')[0]?.notifications.length === 0; n++) await wait()
    expect(alarms.firing('dr')[0]?.notifications).toMatchObject([{ ok: true }])
  })

  it('that are pending go on after a short restart, and begin anew after a long one', async () => {
    await alarms.putRule('lag', LAG, {}, ME)
    facts = [behind(500)]
    pass(40)
    await alarms.close()
    await open()
    pass(25)
    expect(alarms.firing('dr')).toHaveLength(1)
    await alarms.close()
    rmSync(file('active.yaml'))
    await open()
    pass(40)
    await alarms.close()
    now += 600_000
    await open()
    pass(25)
    expect(alarms.firing('dr')).toEqual([])
  })

  it('are told again and again where that helps, and the health says who could not be told', async () => {
    receiver.answer(503, 'later')
    await alarms.putRule('lag', { ...LAG, forSeconds: 0 }, {}, ME)
    facts = [behind(500)]
    pass(5)
    await receiver.until(3)
    for (let n = 0; n < 100 && alarms.firing('dr')[0]?.notifications.length === 0; n++) await wait()
    expect(alarms.firing('dr')[0]?.notifications).toMatchObject([{ ok: false, attempts: 3 }])
    expect(new Set(bodies().map(({ delivery }) => delivery)).size).toBe(1)
    expect(alarms.reasons()).toMatchObject([
      { code: 'MR_ALARM_NOT_TOLD', message: expect.stringContaining('503: later') as string }
    ])
    receiver.answer(200)
    expect(await alarms.testChannel('ops', ME)).toMatchObject({ ok: true })
    expect(alarms.reasons()).toEqual([])
  })

  it('are over when their rule is changed, switched off or deleted, or their job is gone', async () => {
    const rule = { ...LAG, forSeconds: 0, notify: [] }
    facts = [behind(500)]
    const fires = async (): Promise<void> => {
      await alarms.putRule('lag', rule, {}, ME)
      expect(alarms.firing('dr')).toHaveLength(1)
    }
    await fires()
    await alarms.putRule('lag', { ...rule, enabled: false }, {}, ME)
    expect(await alarms.active()).toEqual([])
    await fires()
    await alarms.putRule('lag', { ...rule, jobs: ['other'] }, {}, ME)
    expect(await alarms.active()).toEqual([])
    await fires()
    await alarms.deleteRule('lag', {}, ME)
    expect(await alarms.active()).toEqual([])
    await fires()
    facts = []
    pass(5)
    expect(await alarms.active()).toEqual([])
    expect((await alarms.history({})).items).toHaveLength(4)
  })

  it('have a history that is paged', async () => {
    await alarms.putRule('lag', { ...LAG, forSeconds: 0, notify: [] }, {}, ME)
    for (let n = 0; n < 5; n++) {
      facts = [behind(500)]
      pass(5)
      facts = [behind(0)]
      pass(5)
    }
    const first = await alarms.history({ limit: 3 })
    const second = await alarms.history({ limit: 3, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([5, 4, 3, 2, 1])
    expect(second.nextCursor).toBeNull()
    await expect(alarms.history({ cursor: 'x' })).rejects.toMatchObject({ code: 'MR_SERVICE_REQUEST' })
  })

  it('have rules and channels that are changed only from the state that they were seen in', async () => {
    const rule = await alarms.putRule('lag', LAG, { ifNew: true }, ME)
    expect(rule.revision).toBe(1)
    expect((await alarms.putRule('lag', LAG, {}, ME)).revision).toBe(1)
    await expect(alarms.putRule('lag', LAG, { ifNew: true }, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_CONFLICT' })
    expect((await alarms.putRule('lag', { ...LAG, title: 'x' }, { ifRevision: 1 }, ME)).revision).toBe(2)
    await expect(alarms.deleteRule('lag', { ifRevision: 1 }, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_CONFLICT' })
    await expect(alarms.deleteRule('no', {}, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_NOT_FOUND' })
    await expect(alarms.putRule('y', { ...LAG, notify: ['no'] }, {}, ME)).rejects.toMatchObject({
      code: 'MR_SERVICE_REQUEST'
    })
    await expect(alarms.deleteChannel('ops', {}, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_CONFLICT' })
    expect(audit.filter(({ outcome }) => outcome === 'refused')).toHaveLength(5)
    expect(audit[1]).toMatchObject({ who: 'me', action: 'alarm-rule.put', subject: 'alarm rule lag', outcome: 'done' })
  })

  it('never show a secret, and keep it until another takes its place', async () => {
    const [shown] = await alarms.channels()
    expect(JSON.stringify(shown)).not.toContain('geheim')
    expect(readFileSync(file('channels.yaml'), 'utf8')).not.toContain('geheim')
    expect(shown).toMatchObject({ secret: { fingerprint: secrets.fingerprint('geheim'), reference: null } })
    const hook = { kind: 'webhook', url: receiver.url } as const
    expect((await alarms.putChannel('ops', { ...hook, secret: { keep: true } }, {}, ME)).revision).toBe(1)
    const changed = await alarms.putChannel('ops', { ...hook, secret: { reference: '${env:HOOK}' } }, {}, ME)
    expect(changed).toMatchObject({ revision: 2, secret: { fingerprint: null, reference: '${env:HOOK}' } })
    expect(secrets.kept.size).toBe(0)
    expect(await alarms.testChannel('ops', ME)).toMatchObject({ ok: true })
    expect(receiver.received[0]?.headers).toHaveProperty('millrace-signature')
    await alarms.putChannel('ops', { ...hook, secret: { reference: '${env:NOT_THERE}' } }, {}, ME)
    expect(await alarms.testChannel('ops', ME)).toMatchObject({ ok: false })
    expect(receiver.received).toHaveLength(1)
  })

  it('send a stored password to no other mail server', async () => {
    const mail = { kind: 'email', host: 'smtp.example', port: 587, tls: 'starttls', username: 'me' } as const
    const rest = { from: 'a@example.com', to: ['b@example.com'], password: { keep: true } } as const
    await alarms.putChannel('mail', { ...mail, ...rest, password: { set: 'geheim' } }, {}, ME)
    for (const elsewhere of [{ host: 'evil.example' }, { port: 25 }, { tls: 'none' }] as const) {
      await expect(alarms.putChannel('mail', { ...mail, ...elsewhere, ...rest }, {}, ME)).rejects.toMatchObject({
        code: 'MR_SERVICE_REQUEST'
      })
    }
    const others = { ...mail, ...rest, to: ['c@example.com'] }
    expect(await alarms.putChannel('mail', others, {}, ME)).toMatchObject({ revision: 2, to: ['c@example.com'] })
    // What is referred to is not kept here, so nothing of it is given away unseen.
    const reference = { ...mail, ...rest, password: { reference: '${env:HOOK}' } }
    await alarms.putChannel('mail', reference, {}, ME)
    expect(await alarms.putChannel('mail', { ...mail, ...rest, host: 'other.example' }, {}, ME)).toMatchObject({
      host: 'other.example'
    })
  })

  it('leave no secret behind that nothing refers to, and drop none while it is not known which they need', async () => {
    await alarms.close()
    const left = await secrets.keep('channel-gone', 'left by a crash')
    const other = await secrets.keep('connection-c', 'of somebody else')
    const whole = readFileSync(file('channels.yaml'), 'utf8')
    writeFileSync(file('channels.yaml'), whole.slice(0, -5))
    await open()
    await alarms.close()
    expect(secrets.kept.size).toBe(3)
    writeFileSync(file('channels.yaml'), whole)
    await open()
    expect(secrets.kept.has(left)).toBe(false)
    expect(secrets.kept.get(other)).toBe('of somebody else')
    expect(await alarms.testChannel('ops', ME)).toMatchObject({ ok: true })
    expect(receiver.received[0]?.headers).toHaveProperty('millrace-signature')
  })

  it.each([
    [{ kind: 'webhook', url: 'ftp://x' }],
    [{ kind: 'webhook', url: 'javascript:alert(1)' }],
    [{ kind: 'webhook', url: 'https://me:secret@example.com/' }],
    [{ kind: 'webhook', url: 'https://example.com/', secret: { keep: true } }],
    [{ kind: 'webhook', url: 'https://example.com/', secret: { set: '' } }],
    [{ kind: 'webhook', url: 'https://example.com/', secret: { reference: 'geheim' } }],
    [{ kind: 'email', host: 'a b', port: 25, tls: 'none', from: 'a@b', to: ['a@b'] }],
    [{ kind: 'email', host: 'a', port: 0, tls: 'none', from: 'a@b', to: ['a@b'] }],
    [{ kind: 'email', host: 'a', port: 25, tls: 'none', from: 'a@b', to: [] }],
    [{ kind: 'email', host: 'a', port: 25, tls: 'none', from: 'a@b', to: ['a@b, c@d'] }]
  ] as const)('have no channel %o', async (input) => {
    await expect(alarms.putChannel('new', input, {}, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_REQUEST' })
    expect(await alarms.channels()).toHaveLength(1)
  })

  it('are tested by a rule on each of its channels', async () => {
    const server = await startSmtpReceiver()
    const mail = { kind: 'email', host: '127.0.0.1', port: server.port, tls: 'none' } as const
    await alarms.putChannel('mail', { ...mail, from: 'a@example.com', to: ['b@example.com'] }, {}, ME)
    await alarms.putRule('lag', { ...LAG, notify: ['ops', 'mail'] }, {}, ME)
    expect(await alarms.testRule('lag', ME)).toMatchObject([
      { channel: 'ops', ok: true },
      { channel: 'mail', ok: true }
    ])
    expect(bodies()[0]).toMatchObject({ type: 'test', alarm: { rule: 'lag' } })
    expect(server.mails[0]?.text).toContain('This is a test')
    expect(await alarms.active()).toEqual([])
    await server.close()
  })

  it('with a file that is damaged are told loudly; the file stays as it is, and what fires goes on', async () => {
    await alarms.putRule('lag', { ...LAG, forSeconds: 0, notify: [] }, {}, ME)
    facts = [behind(500)]
    pass(5)
    await alarms.close()
    const torn = readFileSync(file('rules.yaml'), 'utf8').slice(0, 60)
    writeFileSync(file('rules.yaml'), torn)
    await open()
    expect(alarms.reasons()).toMatchObject([
      { code: 'MR_SERVICE_TORN', message: expect.stringContaining('rules.yaml') as string }
    ])
    pass(60)
    expect(alarms.firing('dr')).toHaveLength(1)
    await expect(alarms.putRule('x', { ...LAG, notify: [] }, {}, ME)).rejects.toMatchObject({ code: 'MR_SERVICE_TORN' })
    expect(readFileSync(file('rules.yaml'), 'utf8')).toBe(torn)
  })

  it('are told although the disk takes nothing, which is a reason to look', async () => {
    await alarms.putRule('lag', { ...LAG, forSeconds: 0 }, {}, ME)
    await alarms.saved()
    rmSync(file('active.yaml'), { force: true })
    mkdirSync(file('active.yaml'))
    facts = [behind(500)]
    pass(5)
    // Until no write is under way: one that fails after the disk takes them again is tried again by the next look.
    await told(1)
    expect(alarms.reasons().map(({ code }) => code)).toContain('MR_SERVICE_STORAGE')
    rmSync(file('active.yaml'), { recursive: true })
    pass(5)
    await alarms.saved()
    expect(alarms.reasons()).toEqual([])
    expect(readFileSync(file('active.yaml'), 'utf8')).toContain('firing')
  })
})
