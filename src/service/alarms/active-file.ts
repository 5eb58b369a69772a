import type { Alarm, Notification } from '../../api/contract.ts'
import { flag, list, nullable, number, record, type Shape, text, whole, word } from '../shape.ts'
import type { AlarmMessage } from './alarm-message.ts'

/** Something that a channel is to be told, and of which it is not known yet what became of it. */
export interface Outstanding {
  readonly channel: string
  readonly type: AlarmMessage['type']
  readonly delivery: string
  readonly at: number
}

/** An alarm, and what of it is not over yet. */
export interface StoredAlarm {
  readonly alarm: Alarm
  /** When its condition was last seen to hold. */
  readonly heldAt: number
  readonly outstanding: readonly Outstanding[]
}

/** `alarms/active.yaml`. */
export interface ActiveFile {
  readonly nextId: number
  readonly alarms: readonly StoredAlarm[]
}

const notification: Shape<Notification> = record({ at: number, channel: text, ok: flag, attempts: whole, detail: text })

export const activeFile: Shape<ActiveFile> = record({
  nextId: whole,
  alarms: list(
    record({
      alarm: record({
        id: whole,
        rule: text,
        title: text,
        job: text,
        severity: word('warning', 'critical'),
        state: word('pending', 'firing', 'resolved'),
        since: number,
        firedAt: nullable(number),
        resolvedAt: nullable(number),
        text,
        notifications: list(notification)
      }),
      heldAt: number,
      outstanding: list(
        record({ channel: text, type: word('alarm.fired', 'alarm.resolved', 'test'), delivery: text, at: number })
      )
    })
  )
})
