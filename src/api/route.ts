import type * as z from 'zod'
import type { Actor, Precondition, ServicePort } from '../service/service-port.ts'
import type { Role } from './contract.ts'
import type { Principal } from './security/principal.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type Fields = Readonly<Record<string, z.ZodType>>
type ValueOf<F extends Fields> = {
  readonly [K in keyof F as undefined extends z.output<F[K]> ? never : K]: z.output<F[K]>
} & {
  readonly [K in keyof F as undefined extends z.output<F[K]> ? K : never]?: Exclude<z.output<F[K]>, undefined>
}

/** What a request asks for, checked. */
export interface Asked<P, Q, B> {
  readonly service: ServicePort
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly principal: Principal
  readonly actor: Actor
  readonly on: Precondition
  readonly request: Request
}

interface Described {
  readonly method: Method
  /** Below /api/v1, such as `/jobs/{job}`. */
  readonly path: string
  /** Who may at least; `nobody` = also without a token. */
  readonly role: Role | 'nobody'
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** `replace`: If-Match or If-None-Match say which state the change is meant for. `remove`: they may. */
  readonly edit?: 'replace' | 'remove'
  /** What comes back; undefined = 204 without a body. */
  readonly answer?: z.ZodType
  /** Not JSON: what comes back is written by the handler. */
  readonly mediaType?: string
  /** What `data:` of a server-sent event has, as JSON. */
  readonly event?: z.ZodType
  /** An empty body counts as `{}`. */
  readonly bodyOptional?: boolean
}

export interface Route extends Described {
  readonly params: Fields
  readonly query: Fields
  readonly body: z.ZodType | undefined
  /** Of what is stored now, for an edit; MR_SERVICE_NOT_FOUND when there is nothing. */
  readonly revision?: (asked: Asked<never, never, never>) => Promise<number>
  readonly handle: (asked: Asked<never, never, never>) => unknown
}

interface Typed<P extends Fields, Q extends Fields, B extends z.ZodType> extends Described {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly revision?: (asked: Asked<ValueOf<P>, ValueOf<Q>, z.output<B>>) => Promise<number>
  readonly handle: (asked: Asked<ValueOf<P>, ValueOf<Q>, z.output<B>>) => unknown
}

/**
 * One way to ask the service. Path, schemas and role are said here alone: the router, the OpenAPI document, the checks
 * of requests and the test of every role are made of it. `handle` returns what is sent as JSON, or a Response.
 */
export function route<P extends Fields = {}, Q extends Fields = {}, B extends z.ZodType = z.ZodUndefined>(
  described: Typed<P, Q, B>
): Route {
  return { params: {}, query: {}, body: undefined, ...described }
}
