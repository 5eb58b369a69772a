import type { ClusterTopic, Connection, ConnectionInput, ConnectionTest, Page } from '../../src/api/contract.ts'
import { request } from './request.ts'

const at = (name: string, rest = '') => `/connections/${encodeURIComponent(name)}${rest}`

export const listConnections = (signal?: AbortSignal) =>
  request<readonly Connection[]>('GET', '/connections', signal ? { signal } : {})
export const putConnection = (
  name: string,
  body: ConnectionInput,
  on: { readonly ifRevision?: number; readonly ifNew?: boolean }
) => request<Connection>('PUT', at(name), { body, ...on })
export const deleteConnection = (name: string, ifRevision: number) =>
  request<undefined>('DELETE', at(name), { ifRevision })
export const testConnection = (name: string) => request<ConnectionTest>('POST', at(name, '/test'))
/** One that is not stored; secrets that it keeps are those of `name`. */
export const testInput = (input: ConnectionInput, name?: string) =>
  request<ConnectionTest>('POST', '/connection-tests', { body: { input, ...(name !== undefined && { name }) } })
export const listTopics = (
  name: string,
  query: { readonly search?: string; readonly internal?: boolean; readonly limit?: number },
  signal: AbortSignal
) => request<Page<ClusterTopic>>('GET', at(name, '/topics'), { query, signal })
