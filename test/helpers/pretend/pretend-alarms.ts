import type {
  Alarm,
  AlarmRule,
  AlarmRuleInput,
  Channel,
  ChannelInput,
  JobListItem,
  Notification,
  Page,
  SecretInput,
  SecretView
} from '../../../src/api/contract.ts'
import type { Actor, AlarmsPort, PageRequest, Precondition } from '../../../src/service/service-port.ts'
import { notFound, wrong } from './pretend-errors.ts'
import { checkPrecondition, pageOf } from './pretend-pages.ts'

const MINUTE = 60_000

const rule = (title: string, rest: Partial<AlarmRuleInput>): AlarmRuleInput => ({
  title,
  jobs: [],
  subject: 'lagSeconds',
  condition: { is: 'above', value: 300 },
  forSeconds: 120,
  severity: 'warning',
  notify: [],
  enabled: true,
  ...rest
})

const PRESETS: readonly AlarmRuleInput[] = [
  rule('A job has failed', {
    subject: 'state',
    condition: { is: 'one of', states: ['FAILED', 'AUTH_FAILED'] },
    forSeconds: 0,
    severity: 'critical'
  }),
  rule('Partitions have stopped', {
    subject: 'state',
    condition: { is: 'one of', states: ['DEGRADED'] },
    forSeconds: 60
  }),
  rule('Five minutes behind', {}),
  rule('Records are refused', { subject: 'badRecords', condition: { is: 'above', value: 0 }, forSeconds: 0 }),
  rule('Nothing is copied', { subject: 'recordsPerSecond', condition: { is: 'below', value: 1 }, forSeconds: 600 }),
  rule('The target limits', { subject: 'backPressure', condition: { is: 'above', value: 0.9 }, forSeconds: 600 }),
  rule('The certificate expires', { subject: 'certificateDays', condition: { is: 'below', value: 14 }, forSeconds: 0 })
]

export class PretendAlarms implements AlarmsPort {
  readonly #rules = new Map<string, AlarmRule>()
  readonly #channels = new Map<string, Channel>()
  readonly #done: (actor: Actor, action: string, subject: string, detail: string) => void
  readonly #alarms: Alarm[] = []

  constructor(done: (actor: Actor, action: string, subject: string, detail: string) => void) {
    this.#done = done
    this.#channels.set('on-call', {
      name: 'on-call',
      revision: 1,
      kind: 'webhook',
      url: 'https://hooks.example/millrace',
      secret: { fingerprint: '5f1d0c2a', reference: null, changedAt: Date.now() - 5_000_000 }
    })
    this.#channels.set('platform-team', {
      name: 'platform-team',
      revision: 2,
      kind: 'email',
      host: 'smtp.example',
      port: 587,
      tls: 'starttls',
      username: 'millrace',
      password: { fingerprint: null, reference: '${env:SMTP_PASSWORD}', changedAt: null },
      from: 'millrace@mirror.example',
      to: ['platform@mirror.example']
    })
    for (const [index, preset] of PRESETS.slice(0, 4).entries()) {
      this.#rules.set(`rule-${index + 1}`, {
        ...preset,
        notify: ['on-call'],
        id: `rule-${index + 1}`,
        revision: 1,
        firing: 0
      })
    }
    this.#alarms.push(
      alarmOf(1, 'rule-1', 'A job has failed', 'users-cdc', 'critical', 'firing', 180),
      alarmOf(2, 'rule-1', 'A job has failed', 'iot-telemetry', 'critical', 'firing', 95),
      alarmOf(3, 'rule-2', 'Partitions have stopped', 'payments-migration', 'warning', 'firing', 41),
      alarmOf(4, 'rule-3', 'Five minutes behind', 'clickstream-eu', 'warning', 'pending', 1)
    )
    for (let index = 0; index < 60; index++) {
      this.#alarms.push(
        alarmOf(100 - index, 'rule-3', 'Five minutes behind', 'orders-to-dr', 'warning', 'resolved', 300 + index * 400)
      )
    }
  }

  countsOf(job: string): JobListItem['alarms'] {
    const firing = this.#alarms.filter((alarm) => alarm.job === job && alarm.state === 'firing')
    const of = (severity: string): number => firing.filter((alarm) => alarm.severity === severity).length
    return { critical: of('critical'), warning: of('warning') }
  }

  async rules(): Promise<readonly AlarmRule[]> {
    return [...this.#rules.values()].map((stored) => ({
      ...stored,
      firing: this.#alarms.filter((alarm) => alarm.rule === stored.id && alarm.state === 'firing').length
    }))
  }

  presets(): readonly AlarmRuleInput[] {
    return PRESETS
  }

  async putRule(id: string, input: AlarmRuleInput, on: Precondition, actor: Actor): Promise<AlarmRule> {
    const before = this.#rules.get(id)
    checkPrecondition(`alarm rule ${id}`, before?.revision, on)
    const unknown = input.notify.find((name) => !this.#channels.has(name))
    if (unknown !== undefined) throw wrong(`There is no channel ${unknown}.`)
    const stored = { ...input, id, revision: (before?.revision ?? 0) + 1, firing: 0 }
    this.#rules.set(id, stored)
    this.#done(actor, 'alarm-rule.put', `alarm rule ${id}`, input.title)
    return stored
  }

  async deleteRule(id: string, on: Precondition, actor: Actor): Promise<void> {
    const before = this.#rule(id)
    checkPrecondition(`alarm rule ${id}`, before.revision, on)
    this.#rules.delete(id)
    this.#done(actor, 'alarm-rule.delete', `alarm rule ${id}`, '')
  }

  async testRule(id: string, actor: Actor): Promise<readonly Notification[]> {
    const { notify } = this.#rule(id)
    return await Promise.all(notify.map((name) => this.testChannel(name, actor)))
  }

  async channels(): Promise<readonly Channel[]> {
    return [...this.#channels.values()]
  }

  async putChannel(name: string, input: ChannelInput, on: Precondition, actor: Actor): Promise<Channel> {
    const before = this.#channels.get(name)
    checkPrecondition(`channel ${name}`, before?.revision, on)
    const revision = (before?.revision ?? 0) + 1
    const channel: Channel =
      input.kind === 'webhook'
        ? { name, revision, kind: 'webhook', url: input.url, secret: secretView(input.secret) }
        : {
            name,
            revision,
            kind: 'email',
            host: input.host,
            port: input.port,
            tls: input.tls,
            from: input.from,
            to: input.to,
            username: input.username ?? null,
            password: secretView(input.password)
          }
    this.#channels.set(name, channel)
    this.#done(actor, 'channel.put', `channel ${name}`, input.kind)
    return channel
  }

  async deleteChannel(name: string, on: Precondition, actor: Actor): Promise<void> {
    const channel = this.#channels.get(name)
    if (channel === undefined) throw notFound(`channel ${name}`)
    checkPrecondition(`channel ${name}`, channel.revision, on)
    this.#channels.delete(name)
    this.#done(actor, 'channel.delete', `channel ${name}`, '')
  }

  async testChannel(name: string, actor: Actor): Promise<Notification> {
    const channel = this.#channels.get(name)
    if (channel === undefined) throw notFound(`channel ${name}`)
    this.#done(actor, 'channel.test', `channel ${name}`, '')
    const ok = channel.kind === 'webhook'
    return {
      at: Date.now(),
      channel: name,
      ok,
      attempts: ok ? 1 : 3,
      detail: ok ? 'HTTP 200' : 'smtp.example has no address.'
    }
  }

  async active(): Promise<readonly Alarm[]> {
    return this.#alarms.filter(({ state }) => state !== 'resolved')
  }

  async history(request: PageRequest): Promise<Page<Alarm>> {
    return pageOf(this.#alarms, request)
  }

  async prometheusRules(): Promise<string> {
    return 'groups:\n  - name: millrace\n    rules: []\n'
  }

  #rule(id: string): AlarmRule {
    const stored = this.#rules.get(id)
    if (stored === undefined) throw notFound(`alarm rule ${id}`)
    return stored
  }
}

function alarmOf(
  id: number,
  ruleId: string,
  title: string,
  job: string,
  severity: Alarm['severity'],
  state: Alarm['state'],
  minutesAgo: number
): Alarm {
  const since = Date.now() - minutesAgo * MINUTE
  const firedAt = state === 'pending' ? null : since + 2 * MINUTE
  return {
    id,
    rule: ruleId,
    title,
    job,
    severity,
    state,
    since,
    firedAt,
    resolvedAt: state === 'resolved' ? since + 9 * MINUTE : null,
    text: `${title}: ${job}`,
    notifications:
      firedAt === null ? [] : [{ at: firedAt, channel: 'on-call', ok: true, attempts: 1, detail: 'HTTP 200' }]
  }
}

function secretView(secret: SecretInput | undefined): SecretView | null {
  if (secret === undefined) return null
  const reference = 'reference' in secret ? secret.reference : null
  return { fingerprint: reference === null ? '0a1b2c3d' : null, reference, changedAt: Date.now() }
}
