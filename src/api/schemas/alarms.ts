import * as z from 'zod'
import type { Alarm, AlarmRule, AlarmRuleInput, Channel, ChannelInput, Notification } from '../contract.ts'
import { count, list, objectName, page, time } from './common.ts'
import { secretInput, secretView } from './connections.ts'
import { jobLifecycleState } from './jobs.ts'
import { typed } from './typed.ts'

const severity = z.enum(['warning', 'critical'])
const DAY_SECONDS = 86_400

const ruleFields = {
  title: z.string().min(1).max(200),
  jobs: z.array(objectName).max(1000),
  subject: z.enum([
    'state',
    'lagRecords',
    'lagSeconds',
    'latencyP99Ms',
    'recordsPerSecond',
    'bytesPerSecond',
    'backPressure',
    'badRecords',
    'certificateDays'
  ]),
  condition: z.union([
    z.strictObject({ is: z.enum(['above', 'below']), value: z.number() }),
    z.strictObject({ is: z.literal('one of'), states: z.array(jobLifecycleState).min(1).max(11) })
  ]),
  forSeconds: z.number().min(0).max(DAY_SECONDS),
  severity,
  notify: z.array(objectName).max(100),
  enabled: z.boolean()
}

export const alarmRuleInput = typed<AlarmRuleInput>()('AlarmRuleInput', z.strictObject(ruleFields))
export const alarmRule = typed<AlarmRule>()(
  'AlarmRule',
  z.object({ ...ruleFields, id: z.string(), revision: z.int(), firing: count })
)
export const alarmRuleList = list('AlarmRuleList', alarmRule)
export const alarmPresetList = list('AlarmPresetList', alarmRuleInput)

export const notification = typed<Notification>()(
  'Notification',
  z.object({ at: time, channel: z.string(), ok: z.boolean(), attempts: count, detail: z.string() })
)
export const notificationList = list('NotificationList', notification)

export const alarm = typed<Alarm>()(
  'Alarm',
  z.object({
    id: z.int(),
    rule: z.string(),
    title: z.string(),
    job: z.string(),
    severity,
    state: z.enum(['pending', 'firing', 'resolved']),
    since: time,
    firedAt: time.nullable(),
    resolvedAt: time.nullable(),
    text: z.string(),
    notifications: z.array(notification)
  })
)
export const alarmList = list('AlarmList', alarm)
export const alarmPage = page('AlarmPage', alarm)

const url = z
  .string()
  .regex(/^https?:\/\/[^\s/]+(?:\/\S*)?$/)
  .max(2000)
const address = z
  .string()
  .regex(/^[^\s@]+@[^\s@]+$/)
  .max(320)
const email = {
  kind: z.literal('email'),
  host: z
    .string()
    .regex(/^[A-Za-z0-9._:-]+$/)
    .max(253),
  port: z.int().min(1).max(65_535),
  tls: z.enum(['none', 'starttls', 'tls'])
}

export const channelInput = typed<ChannelInput>()(
  'ChannelInput',
  z.union([
    z.strictObject({ kind: z.literal('webhook'), url, secret: secretInput.exactOptional() }),
    z.strictObject({
      ...email,
      username: z.string().min(1).max(1000).exactOptional(),
      password: secretInput.exactOptional(),
      from: address,
      to: z.array(address).min(1).max(100)
    })
  ])
)

const stored = { name: z.string(), revision: z.int() }
export const channel = typed<Channel>()(
  'Channel',
  z.union([
    z.object({ ...stored, kind: z.literal('webhook'), url: z.string(), secret: secretView.nullable() }),
    z.object({
      ...stored,
      ...email,
      host: z.string(),
      username: z.string().nullable(),
      password: secretView.nullable(),
      from: z.string(),
      to: z.array(z.string())
    })
  ])
)
export const channelList = list('ChannelList', channel)
