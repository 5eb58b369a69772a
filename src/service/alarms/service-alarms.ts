import { randomUUID } from 'node:crypto'
import type {
  Alarm,
  AlarmRule,
  AlarmRuleInput,
  Channel,
  ChannelInput,
  Notification,
  Page,
  Reason
} from '../../api/contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { audited } from '../audited.ts'
import { conflict } from '../service-errors.ts'
import type { AuditLog } from '../record/records.ts'
import type { Actor, AlarmsPort, PageRequest, Precondition } from '../service-port.ts'
import { ActiveAlarms, type ActiveAlarmsOptions } from './active-alarms.ts'
import { AlarmChannels, type AlarmChannelsOptions } from './alarm-channels.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import type { AlarmMessage } from './alarm-message.ts'
import { AlarmRules, type StoredRule } from './alarm-rules.ts'
import { Notifier } from './notifier.ts'
import { ALARM_PRESETS } from './presets.ts'
import { prometheusRules } from './prometheus-rules.ts'

export interface ServiceAlarmsOptions extends AlarmChannelsOptions {
  readonly audit: AuditLog
  readonly facts: () => readonly AlarmFacts[]
  readonly onAlarm: ActiveAlarmsOptions['onAlarm']
  /** After each look at the jobs. */
  readonly onEvaluated?: () => void
  /** Between attempts to tell a channel; see `RETRY_DELAYS_MS`. */
  readonly retryDelaysMs?: readonly number[]
}

const EVERY_MS = 5000

/** Rules, where they are told, and the alarms that come of them. `start` begins to look every five seconds. */
export class ServiceAlarms implements AlarmsPort {
  readonly #options: ServiceAlarmsOptions
  readonly #rules: AlarmRules
  readonly #channels: AlarmChannels
  readonly #notifier: Notifier
  readonly #alarms: ActiveAlarms
  readonly #failed: Map<string, string>
  #timer: NodeJS.Timeout | undefined

  private constructor(
    options: ServiceAlarmsOptions,
    parts: {
      readonly rules: AlarmRules
      readonly channels: AlarmChannels
      readonly notifier: Notifier
      readonly alarms: ActiveAlarms
      readonly failed: Map<string, string>
    }
  ) {
    this.#options = options
    this.#rules = parts.rules
    this.#channels = parts.channels
    this.#notifier = parts.notifier
    this.#alarms = parts.alarms
    this.#failed = parts.failed
  }

  static async open(options: ServiceAlarmsOptions): Promise<ServiceAlarms> {
    const { directory, now, onAlarm, retryDelaysMs } = options
    const [rules, channels] = await Promise.all([AlarmRules.open(directory), AlarmChannels.open(options)])
    const failed = new Map<string, string>()
    const notifier = new Notifier(
      async (channel, message, signal) => {
        const attempt = await channels.send(channel, message, signal)
        if (attempt.ok) failed.delete(channel)
        else failed.set(channel, attempt.detail)
        return attempt
      },
      now,
      retryDelaysMs
    )
    const alarms = await ActiveAlarms.open({ directory, notifier, now, onAlarm })
    return new ServiceAlarms(options, { rules, channels, notifier, alarms, failed })
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.evaluate()
      this.#options.onEvaluated?.()
    }, EVERY_MS).unref()
  }

  evaluate(): void {
    // Rules that can't be read are not rules that were deleted: what fires goes on.
    if (this.#rules.damage !== undefined) return
    this.#alarms.evaluate(this.#rules.all, this.#options.facts())
  }

  firing(job: string): readonly Alarm[] {
    return this.#alarms.all.filter((alarm) => alarm.job === job && alarm.state === 'firing')
  }

  /** What it can't do at the moment. */
  reasons(): readonly Reason[] {
    const names = this.#channels.names
    const untold = [...this.#failed].filter(([channel]) => names.includes(channel))
    return [
      ...[this.#rules.damage, this.#channels.damage, this.#alarms.damage, this.#alarms.trouble]
        .filter((error) => error instanceof MillraceError)
        .map(({ code, message, next }) => ({ code, message, next: next ?? null })),
      ...untold.map(([channel, why]) => ({
        code: 'MR_ALARM_NOT_TOLD',
        message: `Channel ${channel} could not be told of an alarm. ${why}`,
        next: 'Correct the channel, and test it.'
      }))
    ]
  }

  async rules(): Promise<readonly AlarmRule[]> {
    return await Promise.resolve(this.#rules.all.map((rule) => this.#view(rule)))
  }

  presets(): readonly AlarmRuleInput[] {
    return ALARM_PRESETS
  }

  async putRule(id: string, input: AlarmRuleInput, on: Precondition, actor: Actor): Promise<AlarmRule> {
    return await this.#audited(actor, 'alarm-rule.put', `alarm rule ${id}`, async () => {
      const rule = this.#view(await this.#rules.put(id, input, on, this.#channels.names))
      this.evaluate()
      return rule
    })
  }

  async deleteRule(id: string, on: Precondition, actor: Actor): Promise<void> {
    await this.#audited(actor, 'alarm-rule.delete', `alarm rule ${id}`, async () => {
      await this.#rules.delete(id, on)
      this.evaluate()
    })
  }

  async testRule(id: string, actor: Actor): Promise<readonly Notification[]> {
    return await this.#audited(actor, 'alarm-rule.test', `alarm rule ${id}`, async () => {
      const rule = this.#rules.get(id)
      return await Promise.all(rule.notify.map(async (channel) => await this.#test(channel, rule)))
    })
  }

  async channels(): Promise<readonly Channel[]> {
    return await Promise.resolve(this.#channels.views())
  }

  async putChannel(name: string, input: ChannelInput, on: Precondition, actor: Actor): Promise<Channel> {
    return await this.#audited(actor, 'channel.put', `channel ${name}`, async () => {
      return await this.#channels.put(name, input, on)
    })
  }

  async deleteChannel(name: string, on: Precondition, actor: Actor): Promise<void> {
    await this.#audited(actor, 'channel.delete', `channel ${name}`, async () => {
      const users = this.#rules.all.filter(({ notify }) => notify.includes(name)).map(({ id }) => id)
      if (users.length > 0) {
        throw conflict(`Channel ${name} is used by ${users.join(', ')}.`, 'Take it out of these rules first.')
      }
      await this.#channels.delete(name, on)
      this.#failed.delete(name)
    })
  }

  async testChannel(name: string, actor: Actor): Promise<Notification> {
    return await this.#audited(actor, 'channel.test', `channel ${name}`, async () => await this.#test(name))
  }

  async active(): Promise<readonly Alarm[]> {
    return await Promise.resolve(this.#alarms.all)
  }

  async history(request: PageRequest): Promise<Page<Alarm>> {
    return await this.#alarms.history(request)
  }

  async prometheusRules(): Promise<string> {
    return prometheusRules(await this.rules())
  }

  /** Resolves when the disk has what is known now. */
  async saved(): Promise<void> {
    await this.#alarms.saved()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#notifier.close()
    await this.#alarms.close()
  }

  #view(rule: StoredRule): AlarmRule {
    const firing = this.#alarms.all.filter((alarm) => alarm.rule === rule.id && alarm.state === 'firing').length
    return { ...rule, firing }
  }

  async #test(channel: string, rule?: StoredRule): Promise<Notification> {
    this.#channels.get(channel)
    const at = this.#options.now()
    const message: AlarmMessage = {
      delivery: randomUUID(),
      type: 'test',
      at,
      alarm: {
        id: 0,
        rule: rule?.id ?? 'test',
        title: rule?.title ?? 'A test',
        job: rule?.jobs[0] ?? 'some-job',
        severity: rule?.severity ?? 'warning',
        state: 'firing',
        since: at,
        firedAt: at,
        resolvedAt: null,
        text: 'This is a test: nothing is wrong.'
      }
    }
    return await this.#notifier.try(channel, message)
  }

  async #audited<T>(actor: Actor, action: string, subject: string, task: () => Promise<T>): Promise<T> {
    return await audited(this.#options.audit, actor, { action, subject }, task)
  }
}
