import type { Role } from '../contract.ts'

/** Who asks, and what they may. */
export interface Principal {
  /** The name of their token. */
  readonly name: string
  readonly role: Role
  /** By the cookie of a browser: changes need the CSRF token, too. */
  readonly session: { readonly csrfToken: string } | undefined
}

const RANK: Readonly<Record<Role, number>> = { read: 0, operate: 1, admin: 2 }

export function mayDo(principal: Principal, role: Role): boolean {
  return RANK[principal.role] >= RANK[role]
}
