import * as z from 'zod'
import type { AuditLogEntry, Health, Role, ServiceSettings, Session } from '../contract.ts'
import { page, reason, time } from './common.ts'
import { typed } from './typed.ts'

export const role: z.ZodType<Role> = z.enum(['read', 'operate', 'admin'])

export const health = typed<Health>()(
  'Health',
  z.object({ status: z.enum(['ok', 'degraded']), version: z.string(), reasons: z.array(reason) })
)

export const session = typed<Session>()('Session', z.object({ principal: z.string(), role, csrfToken: z.string() }))

export const login = typed<{ readonly token: string }>()(
  'Login',
  z.strictObject({
    token: z
      .string()
      .min(1)
      .max(200)
      .describe('A token, or the one-time code of the address that `millrace serve` prints.')
  })
)

export const settings = typed<ServiceSettings>()(
  'ServiceSettings',
  z.object({
    version: z.string(),
    startedAt: time,
    dataDirectory: z.string(),
    listen: z.string(),
    tls: z.boolean(),
    demo: z.object({ limits: z.string() }).nullable(),
    tokens: z.array(z.object({ name: z.string(), role, fingerprint: z.string() }))
  })
)

const auditLogEntry = typed<AuditLogEntry>()(
  'AuditLogEntry',
  z.object({
    id: z.int(),
    at: time,
    who: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.string(),
    outcome: z.enum(['done', 'refused'])
  })
)

export const auditPage = page('AuditLogEntryPage', auditLogEntry)
