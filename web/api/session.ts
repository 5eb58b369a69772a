import { signal } from '@preact/signals'
import type { Role, Session } from '../../src/api/contract.ts'

/** undefined = not asked yet, null = nobody is logged in. */
export const session = signal<Session | null | undefined>(undefined)

const RANK: Readonly<Record<Role, number>> = { read: 0, operate: 1, admin: 2 }

/** Whether the one who is logged in may do what needs this role. */
export function may(role: Role): boolean {
  return session.value ? RANK[session.value.role] >= RANK[role] : false
}

export function csrfToken(): string | undefined {
  return session.peek()?.csrfToken
}

export function sessionEnded(): void {
  session.value = null
}
