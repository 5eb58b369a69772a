import type {
  Alarm,
  AlarmRule,
  AlarmRuleInput,
  Channel,
  ChannelInput,
  Notification,
  Page
} from '../../src/api/contract.ts'
import { request, requestText } from './request.ts'

interface On {
  readonly ifRevision?: number
  readonly ifNew?: boolean
}

const rule = (id: string, rest = '') => `/alarm-rules/${encodeURIComponent(id)}${rest}`
const channel = (name: string, rest = '') => `/alarm-channels/${encodeURIComponent(name)}${rest}`

export const listActiveAlarms = () => request<readonly Alarm[]>('GET', '/alarms')
export const listPastAlarms = (cursor?: string) =>
  request<Page<Alarm>>('GET', '/alarm-history', { query: { cursor, limit: 100 } })

export const listRules = () => request<readonly AlarmRule[]>('GET', '/alarm-rules')
export const listPresets = () => request<readonly AlarmRuleInput[]>('GET', '/alarm-presets')
export const putRule = (id: string, body: AlarmRuleInput, on: On) =>
  request<AlarmRule>('PUT', rule(id), { body, ...on })
export const deleteRule = (id: string, ifRevision: number) => request<undefined>('DELETE', rule(id), { ifRevision })
export const testRule = (id: string) => request<readonly Notification[]>('POST', rule(id, '/test'))

export const listChannels = () => request<readonly Channel[]>('GET', '/alarm-channels')
export const putChannel = (name: string, body: ChannelInput, on: On) =>
  request<Channel>('PUT', channel(name), { body, ...on })
export const deleteChannel = (name: string, ifRevision: number) =>
  request<undefined>('DELETE', channel(name), { ifRevision })
export const testChannel = (name: string) => request<Notification>('POST', channel(name, '/test'))

export const getPrometheusRules = () => requestText('/prometheus-rules', 'application/yaml')
