import type { Alarm } from '../../api/contract.ts'
import { escapeControls } from '../../telemetry/log/escape-controls.ts'

/** What a channel is told. */
export interface AlarmMessage {
  /** The same for every attempt, also after a restart; another one for each thing that is told. */
  readonly delivery: string
  readonly type: 'alarm.fired' | 'alarm.resolved' | 'test'
  readonly at: number
  readonly alarm: Omit<Alarm, 'notifications'>
}

/** One attempt to tell a channel. */
export interface Attempt {
  readonly ok: boolean
  readonly detail: string
  /** Whether the same again may work. */
  readonly retry: boolean
}

/** `critical, dr: Records arrive late`, in one line whatever the title is. */
export function headline({ type, alarm: { title, job, severity } }: AlarmMessage): string {
  const what = { 'alarm.fired': severity, 'alarm.resolved': 'resolved', test: 'test' }[type]
  return escapeControls(`${what}, ${job}: ${title}`)
}
