import type { AuditLogEntry, Health, Page, ServiceSettings, Session } from '../../src/api/contract.ts'
import { request } from './request.ts'

export const getSession = () => request<Session>('GET', '/session')
export const logIn = (token: string) => request<Session>('POST', '/session', { body: { token } })
export const logOut = () => request<undefined>('DELETE', '/session')
export const getHealth = () => request<Health>('GET', '/health')
export const getSettings = () => request<ServiceSettings>('GET', '/settings')

export function getAuditLog(query: { subject?: string; cursor?: string; limit?: number }) {
  return request<Page<AuditLogEntry>>('GET', '/audit', { query })
}
