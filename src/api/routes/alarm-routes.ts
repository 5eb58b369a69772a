import {
  alarmList,
  alarmPage,
  alarmPresetList,
  alarmRule,
  alarmRuleInput,
  alarmRuleList,
  channel,
  channelInput,
  channelList,
  notification,
  notificationList
} from '../schemas/alarms.ts'
import { objectName, pageQuery } from '../schemas/common.ts'
import type { AlarmRule, Channel } from '../contract.ts'
import type { ServicePort } from '../../service/service-port.ts'
import { notThere } from '../http/api-errors.ts'
import { type Route, route } from '../route.ts'

const tag = 'Alarms'
const ruleParam = { rule: objectName }
const channelParam = { channel: objectName }

export const alarmRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/alarms',
    role: 'read',
    tag,
    summary: 'The alarms that fire or are pending',
    answer: alarmList,
    handle: ({ service }) => service.alarms.active()
  }),
  route({
    method: 'get',
    path: '/alarm-history',
    role: 'read',
    tag,
    summary: 'Past and present alarms, the newest first',
    query: pageQuery,
    answer: alarmPage,
    handle: ({ service, query }) => service.alarms.history(query)
  }),
  route({
    method: 'get',
    path: '/alarm-presets',
    role: 'read',
    tag,
    summary: 'Rules to begin with',
    answer: alarmPresetList,
    handle: ({ service }) => service.alarms.presets()
  }),
  route({
    method: 'get',
    path: '/alarm-rules',
    role: 'read',
    tag,
    summary: 'The rules',
    answer: alarmRuleList,
    handle: ({ service }) => service.alarms.rules()
  }),
  route({
    method: 'get',
    path: '/alarm-rules/{rule}',
    role: 'read',
    tag,
    summary: 'A rule',
    params: ruleParam,
    answer: alarmRule,
    handle: ({ service, params }) => ruleOf(service, params.rule)
  }),
  route({
    method: 'put',
    path: '/alarm-rules/{rule}',
    role: 'operate',
    tag,
    summary: 'Make or change a rule',
    edit: 'replace',
    params: ruleParam,
    body: alarmRuleInput,
    answer: alarmRule,
    revision: async ({ service, params }) => (await ruleOf(service, params.rule)).revision,
    handle: ({ service, params, body, on, actor }) => service.alarms.putRule(params.rule, body, on, actor)
  }),
  route({
    method: 'delete',
    path: '/alarm-rules/{rule}',
    role: 'operate',
    tag,
    summary: 'Delete a rule; its alarms end',
    edit: 'remove',
    params: ruleParam,
    revision: async ({ service, params }) => (await ruleOf(service, params.rule)).revision,
    handle: ({ service, params, on, actor }) => service.alarms.deleteRule(params.rule, on, actor)
  }),
  route({
    method: 'post',
    path: '/alarm-rules/{rule}/test',
    role: 'operate',
    tag,
    summary: 'Send a test to each channel of the rule',
    params: ruleParam,
    answer: notificationList,
    handle: ({ service, params, actor }) => service.alarms.testRule(params.rule, actor)
  }),
  route({
    method: 'get',
    path: '/alarm-channels',
    role: 'read',
    tag,
    summary: 'Where notifications go',
    answer: channelList,
    handle: ({ service }) => service.alarms.channels()
  }),
  route({
    method: 'get',
    path: '/alarm-channels/{channel}',
    role: 'read',
    tag,
    summary: 'A channel; of its secret only a fingerprint',
    params: channelParam,
    answer: channel,
    handle: ({ service, params }) => channelOf(service, params.channel)
  }),
  route({
    method: 'put',
    path: '/alarm-channels/{channel}',
    role: 'admin',
    tag,
    summary: 'Make or change a channel',
    edit: 'replace',
    params: channelParam,
    body: channelInput,
    answer: channel,
    revision: async ({ service, params }) => (await channelOf(service, params.channel)).revision,
    handle: ({ service, params, body, on, actor }) => service.alarms.putChannel(params.channel, body, on, actor)
  }),
  route({
    method: 'delete',
    path: '/alarm-channels/{channel}',
    role: 'admin',
    tag,
    summary: 'Delete a channel',
    edit: 'remove',
    params: channelParam,
    revision: async ({ service, params }) => (await channelOf(service, params.channel)).revision,
    handle: ({ service, params, on, actor }) => service.alarms.deleteChannel(params.channel, on, actor)
  }),
  route({
    method: 'post',
    path: '/alarm-channels/{channel}/test',
    role: 'operate',
    tag,
    summary: 'Send a test to the channel',
    params: channelParam,
    answer: notification,
    handle: ({ service, params, actor }) => service.alarms.testChannel(params.channel, actor)
  }),
  route({
    method: 'get',
    path: '/prometheus-rules',
    role: 'read',
    tag,
    summary: 'The enabled rules as a rules file for Prometheus',
    mediaType: 'application/yaml',
    handle: async ({ service }) =>
      new Response(await service.alarms.prometheusRules(), {
        headers: { 'Content-Type': 'application/yaml; charset=utf-8' }
      })
  })
]

async function ruleOf(service: ServicePort, id: string): Promise<AlarmRule> {
  const rule = (await service.alarms.rules()).find((other) => other.id === id)
  if (rule === undefined) throw notThere(`alarm rule ${id}`)
  return rule
}

async function channelOf(service: ServicePort, name: string): Promise<Channel> {
  const channel_ = (await service.alarms.channels()).find((other) => other.name === name)
  if (channel_ === undefined) throw notThere(`channel ${name}`)
  return channel_
}
