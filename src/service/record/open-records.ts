import { join } from 'node:path'
import type { Alarm } from '../../api/contract.ts'
import { ServiceAlarms } from '../alarms/service-alarms.ts'
import type { OpenRecords } from './records.ts'
import { ServiceAudit } from './service-audit.ts'
import { RecordedJobs, ServiceRecords } from './service-records.ts'
import { StreamHub } from './stream-hub.ts'

/** Opens what is recorded. Rejects when the audit log or the history of alarms can't be read. */
export const openRecords: OpenRecords = async ({ dataDirectory, view, health, secrets, now }) => {
  const hub = new StreamHub({ view, health })
  const jobs = new RecordedJobs({ view, now }, hub)
  const audit = await ServiceAudit.open(dataDirectory, now)
  const onAlarm = (alarm: Alarm, entered: boolean): void => {
    hub.happened({ type: 'alarm', alarm })
    hub.changed(alarm.job)
    if (entered) jobs.alarmed(alarm)
  }
  const alarms = await ServiceAlarms.open({
    directory: join(dataDirectory, 'alarms'),
    secrets,
    sources: { env: process.env, cwd: process.cwd() },
    now,
    audit,
    facts: () => jobs.facts(),
    onAlarm,
    onEvaluated: () => tellHealth()
  })
  const records = new ServiceRecords({ audit, alarms, hub, jobs })
  let known = ''
  const tellHealth = (): void => {
    const reasons = JSON.stringify(records.reasons())
    if (reasons !== known) hub.healthChanged()
    known = reasons
  }
  alarms.start()
  return records
}
