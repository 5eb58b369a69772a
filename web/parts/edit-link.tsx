import type { ComponentChildren } from 'preact'
import type { Role } from '../../src/api/contract.ts'
import { may } from '../api/session.ts'

interface EditLinkProps {
  readonly href: string
  /** Who only looks on sees a name. */
  readonly needs: Role
  readonly children: ComponentChildren
}

/** A name that leads to where the thing is changed, for those who may. */
export function EditLink({ href, needs, children }: EditLinkProps) {
  return may(needs) ? <a href={href}>{children}</a> : <span>{children}</span>
}
