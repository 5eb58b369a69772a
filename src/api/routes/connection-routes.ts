import * as z from 'zod'
import { objectName, pageQuery, search } from '../schemas/common.ts'
import {
  clusterTopicPage,
  connection,
  connectionInput,
  connectionList,
  connectionTest,
  connectionTestInput
} from '../schemas/connections.ts'
import { type Route, route } from '../route.ts'

const tag = 'Connections'
const params = { connection: objectName }

export const connectionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/connections',
    role: 'read',
    tag,
    summary: 'The connections, by name',
    answer: connectionList,
    handle: ({ service }) => service.connections.list()
  }),
  route({
    method: 'get',
    path: '/connections/{connection}',
    role: 'read',
    tag,
    summary: 'A connection; of its secrets only fingerprints',
    params,
    answer: connection,
    handle: ({ service, params: { connection: name } }) => service.connections.get(name)
  }),
  route({
    method: 'put',
    path: '/connections/{connection}',
    role: 'admin',
    tag,
    summary: 'Make or change a connection',
    description: 'Jobs that run go on with what they were started with; `restartNeeded` names them.',
    edit: 'replace',
    params,
    body: connectionInput,
    answer: connection,
    revision: async ({ service, params: { connection: name } }) => (await service.connections.get(name)).revision,
    handle: ({ service, params: { connection: name }, body, on, actor }) =>
      service.connections.put(name, body, on, actor)
  }),
  route({
    method: 'delete',
    path: '/connections/{connection}',
    role: 'admin',
    tag,
    summary: 'Delete a connection that no job uses, with its secrets',
    edit: 'remove',
    params,
    revision: async ({ service, params: { connection: name } }) => (await service.connections.get(name)).revision,
    handle: ({ service, params: { connection: name }, on, actor }) => service.connections.delete(name, on, actor)
  }),
  route({
    method: 'post',
    path: '/connections/{connection}/test',
    role: 'operate',
    tag,
    summary: 'Whether the cluster can be reached, stage by stage',
    description: 'One attempt to authenticate.',
    params,
    answer: connectionTest,
    handle: ({ service, params: { connection: name }, actor }) => service.connections.test({ name }, actor)
  }),
  route({
    method: 'post',
    path: '/connection-tests',
    role: 'admin',
    tag,
    summary: 'The same of a connection that is not stored yet',
    body: connectionTestInput,
    answer: connectionTest,
    handle: ({ service, body, actor }) => service.connections.test(body, actor)
  }),
  route({
    method: 'get',
    path: '/connections/{connection}/topics',
    role: 'operate',
    tag,
    summary: 'The topics of the cluster',
    params,
    query: {
      ...pageQuery,
      search: search.describe('A pattern as in `topics.include`, or a part of the name.'),
      internal: z.boolean().exactOptional().describe('Internal topics, too.')
    },
    answer: clusterTopicPage,
    handle: ({ service, params: { connection: name }, query }) => service.connections.topics(name, query)
  })
]
