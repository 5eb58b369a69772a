import type { AlarmMessage } from '../../../src/service/alarms/alarm-message.ts'

const AT = Date.UTC(2030, 0, 1, 12)

export const MESSAGE: AlarmMessage = {
  delivery: '4f6c1b9e-0b1c-4f0e-9d0e-2f1b7a5f3c11',
  type: 'alarm.fired',
  at: AT,
  alarm: {
    id: 17,
    rule: 'lag-high',
    title: 'A job is more than a million records behind',
    job: 'orders-to-dr',
    severity: 'critical',
    state: 'firing',
    since: AT - 600_000,
    firedAt: AT,
    resolvedAt: null,
    text: 'The lag of orders-to-dr is 1,234,567 records, above 1,000,000 records.'
  }
}
