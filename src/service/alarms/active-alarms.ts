import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Alarm, Page } from '../../api/contract.ts'
import { cursorId, pageLimit } from '../record/page-limit.ts'
import { LineStore } from '../record/line-store.ts'
import type { PageRequest } from '../service-port.ts'
import { activeFile, type ActiveFile, type Outstanding, type StoredAlarm } from './active-file.ts'
import type { AlarmFacts } from './alarm-facts.ts'
import type { AlarmMessage } from './alarm-message.ts'
import type { StoredRule } from './alarm-rules.ts'
import { evaluateRule, type Outcome } from './evaluate-rule.ts'
import { KeptFile } from './kept-file.ts'
import { nextAlarm } from './next-alarm.ts'
import type { Notifier } from './notifier.ts'

export interface ActiveAlarmsOptions {
  readonly directory: string
  readonly notifier: Notifier
  readonly now: () => number
  /** @param entered it came into another state; else somebody was told, or not */
  readonly onAlarm: (alarm: Alarm, entered: boolean) => void
}

/** How old what a restart knows of pending alarms may be: less than the gap that ends them. */
const SAVE_MS = 30_000
const MAX_SIZE_BYTES = 4 * 1024 * 1024
const MAX_FILES = 3
type HistoryRow = { readonly id: number; readonly alarm: Alarm }

/**
 * The alarms that are pending or fire, and the history of those that did.
 *
 * Invariant: at most one alarm of a rule and a job is pending or fires. What a channel is to be told is on the disk before
 * it is told, and forgotten when it is known what became of it: so after a crash a message may come again, with the same
 * delivery id, and none is missing; what was told before a restart is not told again. An alarm goes into the history
 * when it is resolved and everybody was told.
 */
export class ActiveAlarms {
  readonly #options: ActiveAlarmsOptions
  readonly #file: KeptFile<ActiveFile>
  readonly #history: LineStore<HistoryRow>
  /** By rule and job. */
  readonly #watched = new Map<string, StoredAlarm>()
  /** Resolved, and not everybody was told. */
  readonly #finishing = new Map<number, StoredAlarm>()
  #nextId: number
  #savedAt = -Infinity
  #isDirty = false
  #saving: Promise<void> | undefined
  #trouble: Error | undefined

  private constructor(options: ActiveAlarmsOptions, file: KeptFile<ActiveFile>, history: LineStore<HistoryRow>) {
    this.#options = options
    this.#file = file
    this.#history = history
    this.#nextId = file.value.nextId
  }

  static async open(options: ActiveAlarmsOptions): Promise<ActiveAlarms> {
    const { directory } = options
    const file = await KeptFile.open(
      join(directory, 'active.yaml'),
      'Alarms of the millrace service that are pending or fire',
      activeFile,
      { nextId: 1, alarms: [] }
    )
    const history = await LineStore.open<HistoryRow>({
      path: join(directory, 'history.jsonl'),
      maxSizeBytes: MAX_SIZE_BYTES,
      maxFiles: MAX_FILES
    })
    const alarms = new ActiveAlarms(options, file, history)
    const known = new Set((await history.read({ limit: file.value.alarms.length + 100 })).map(({ alarm }) => alarm.id))
    for (const stored of file.value.alarms) if (!known.has(stored.alarm.id)) alarms.#restore(stored)
    return alarms
  }

  get damage(): Error | undefined {
    return this.#file.damage
  }

  /** What the disk does not take; undefined = nothing. */
  get trouble(): Error | undefined {
    return this.#trouble ?? this.#history.trouble
  }

  /** Those that are pending or fire. */
  get all(): readonly Alarm[] {
    return [...this.#watched.values()].map(({ alarm }) => alarm)
  }

  /** Holds the rules against how jobs are now. */
  evaluate(rules: readonly StoredRule[], facts: readonly AlarmFacts[]): void {
    const now = this.#options.now()
    const left = new Set(this.#watched.keys())
    for (const rule of rules.filter(({ enabled }) => enabled)) {
      for (const of of facts.filter(({ job }) => rule.jobs.length === 0 || rule.jobs.includes(job))) {
        const key = keyOf(rule.id, of.job)
        left.delete(key)
        this.#step(key, rule, of.job, evaluateRule(rule, of), now)
      }
    }
    for (const key of left) {
      const text = 'The rule was changed, switched off or deleted, or the job was deleted.'
      this.#step(key, undefined, '', { is: 'ended', text }, now)
    }
    const hasPending = this.all.some(({ state }) => state === 'pending')
    if (this.#isDirty || (hasPending && now - this.#savedAt >= SAVE_MS)) this.#save()
  }

  /** The newest first; those that fire are among them. */
  async history(request: PageRequest): Promise<Page<Alarm>> {
    const [before, limit] = [cursorId(request), pageLimit(request)]
    const rows = await this.#history.read({ limit: limit + 1, ...(before !== undefined && { before }) })
    const shown = rows.slice(0, limit)
    const present = [...this.#watched.values(), ...this.#finishing.values()]
      .map(({ alarm }) => alarm)
      .filter(({ firedAt }) => firedAt !== null)
      .sort((a, b) => (b.firedAt ?? 0) - (a.firedAt ?? 0))
    return {
      items: [...(before === undefined ? present : []), ...shown.map(({ alarm }) => alarm)],
      total: present.length + (await this.#history.count()),
      nextCursor: rows.length > limit ? String(shown.at(-1)?.id) : null
    }
  }

  /** When this resolves, the disk has everything, or does not take it. */
  async saved(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving
  }

  async close(): Promise<void> {
    this.#save()
    await this.saved()
    this.#history.close()
  }

  #step(key: string, rule: StoredRule | undefined, job: string, outcome: Outcome, now: number): void {
    const stored = this.#watched.get(key)
    const before = stored === undefined ? undefined : watchedOf(stored)
    const { after, change } = nextAlarm(now, before, outcome, (rule?.forSeconds ?? 0) * 1000)
    if (after === undefined) {
      if (stored === undefined) return
      this.#watched.delete(key)
      const text = outcome.is === 'unknown' ? stored.alarm.text : outcome.text
      const alarm: Alarm = { ...stored.alarm, state: 'resolved', resolvedAt: now, text }
      if (change === 'resolved') this.#resolve({ ...stored, alarm }, now)
      else this.#changed(alarm)
      return
    }
    const known = stored?.alarm ?? newAlarm(this.#nextId, job)
    if (stored === undefined) this.#nextId++
    const alarm: Alarm = {
      ...known,
      ...(rule !== undefined && { rule: rule.id, title: rule.title, severity: rule.severity }),
      state: after.state,
      since: after.since,
      text: after.text,
      firedAt: change === 'fired' ? now : known.firedAt
    }
    const told = change === 'fired' ? (rule?.notify ?? []).map((channel) => toTell(channel, 'alarm.fired', now)) : []
    this.#watched.set(key, { alarm, heldAt: after.heldAt, outstanding: [...(stored?.outstanding ?? []), ...told] })
    if (change === 'none') return
    this.#changed(alarm)
    this.#tell(alarm, told)
  }

  /** Who was told that it fires is told that it does not any more. */
  #resolve({ alarm, heldAt, outstanding }: StoredAlarm, now: number): void {
    const channels = new Set([...alarm.notifications, ...outstanding].map(({ channel }) => channel))
    const told = [...channels].map((channel) => toTell(channel, 'alarm.resolved', now))
    this.#finishing.set(alarm.id, { alarm, heldAt, outstanding: [...outstanding, ...told] })
    this.#changed(alarm)
    this.#finish(alarm.id)
    this.#tell(alarm, told)
  }

  #tell(alarm: Alarm, all: readonly Outstanding[]): void {
    for (const one of all) void this.#tellOne(alarm, one)
  }

  async #tellOne(alarm: Alarm, { channel, ...of }: Outstanding): Promise<void> {
    // What the disk does not have would be told again after a restart; a disk that takes nothing must not silence alarms.
    this.#save()
    await this.saved()
    const { notifications: _, ...shown } = alarm
    const message: AlarmMessage = { ...of, alarm: shown }
    const notification = await this.#options.notifier.tell(channel, message)
    if (notification === undefined) return
    this.#update(alarm, (stored) => ({
      ...stored,
      alarm: { ...stored.alarm, notifications: [...stored.alarm.notifications, notification] },
      outstanding: stored.outstanding.filter(({ delivery }) => delivery !== of.delivery)
    }))
    this.#save()
  }

  #update({ id, rule, job }: Alarm, change: (stored: StoredAlarm) => StoredAlarm): void {
    const key = keyOf(rule, job)
    const watched = this.#watched.get(key)
    const stored = watched?.alarm.id === id ? watched : this.#finishing.get(id)
    if (stored === undefined) return
    const changed = change(stored)
    if (stored === watched) this.#watched.set(key, changed)
    else this.#finishing.set(id, changed)
    this.#changed(changed.alarm, false)
    this.#finish(id)
  }

  #finish(id: number): void {
    const stored = this.#finishing.get(id)
    if (stored === undefined || stored.outstanding.length > 0) return
    this.#history.append({ alarm: stored.alarm })
    this.#finishing.delete(id)
  }

  #restore(stored: StoredAlarm): void {
    const { alarm, outstanding } = stored
    if (alarm.state === 'resolved') this.#finishing.set(alarm.id, stored)
    else this.#watched.set(keyOf(alarm.rule, alarm.job), stored)
    this.#finish(alarm.id)
    this.#tell(alarm, outstanding)
  }

  #changed(alarm: Alarm, entered = true): void {
    this.#isDirty = true
    this.#options.onAlarm(alarm, entered)
  }

  /** Several changes at once are one write. */
  #save(): void {
    this.#isDirty = true
    this.#saving ??= this.#writeAll().finally(() => {
      this.#saving = undefined
    })
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve()
    try {
      while (this.#isDirty) {
        this.#isDirty = false
        this.#savedAt = this.#options.now()
        const alarms = [...this.#watched.values(), ...this.#finishing.values()]
        await this.#file.save({ nextId: this.#nextId, alarms })
        this.#trouble = undefined
      }
    } catch (error) {
      // Tried again with the next evaluation.
      this.#isDirty = true
      this.#trouble = error as Error
    }
  }
}

function keyOf(rule: string, job: string): string {
  return `${rule} ${job}`
}

function watchedOf({ alarm, heldAt }: StoredAlarm) {
  const { since, text } = alarm
  return { state: alarm.state === 'firing' ? 'firing' : 'pending', since, heldAt, text } as const
}

function newAlarm(id: number, job: string): Alarm {
  return {
    id,
    rule: '',
    title: '',
    job,
    severity: 'warning',
    state: 'pending',
    since: 0,
    firedAt: null,
    resolvedAt: null,
    text: '',
    notifications: []
  }
}

function toTell(channel: string, type: AlarmMessage['type'], at: number): Outstanding {
  return { channel, type, delivery: randomUUID(), at }
}
