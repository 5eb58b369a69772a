import type { StoredToken, TokenStore } from './token-store.ts'
import { ApiError, tooMany } from '../http/api-errors.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import type { LoginCodes } from './login-codes.ts'
import { type Principal, mayDo } from './principal.ts'
import { type SessionCookies, equal } from './session-cookies.ts'
import type { Role } from '../contract.ts'

const SAFE = new Set(['GET', 'HEAD'])

export interface GatekeeperParts {
  readonly tokens: TokenStore
  readonly cookies: SessionCookies
  readonly codes: LoginCodes
  readonly attempts: AttemptLimit
}

/** Who may come in, by token or cookie, and for what. */
export class Gatekeeper {
  readonly #parts: GatekeeperParts

  constructor(parts: GatekeeperParts) {
    this.#parts = parts
  }

  /** A token that a request carries counts alone, whatever cookies come with it. */
  identify(headers: Headers, address: string): Principal | undefined {
    const { tokens, cookies, attempts } = this.#parts
    const authorization = headers.get('authorization')
    if (authorization === null) return cookies.read(headers.get('cookie'))
    const secret = /^Bearer +([\w.~+/-]{1,200}=*)$/i.exec(authorization)?.[1]
    const token = secret === undefined ? undefined : tokens.find(secret)
    if (token !== undefined) return { name: token.name, role: token.role, session: undefined }
    // A right token is never kept out by the attempts of others at the same address.
    const wait = attempts.failed(address)
    if (wait > 0) throw tooMany('Too many attempts with wrong tokens.', wait)
    return undefined
  }

  admit(principal: Principal | undefined, role: Role, request: Request): Principal {
    if (principal === undefined) throw unauthenticated()
    if (!mayDo(principal, role)) {
      throw new ApiError({
        status: 403,
        code: 'MR_API_FORBIDDEN',
        message: `This needs the role ${role}; the token ${principal.name} has ${principal.role}.`,
        next: `Use a token with the role ${role}: \`millrace tokens add NAME --role ${role}\` makes one.`
      })
    }
    if (principal.session !== undefined && !SAFE.has(request.method)) {
      const given = request.headers.get('x-csrf-token') ?? ''
      if (!equal(given, principal.session.csrfToken)) {
        throw new ApiError({
          status: 403,
          code: 'MR_API_CSRF',
          message: 'The request is authenticated by a cookie alone, and X-CSRF-Token is missing or wrong.',
          next: 'Send back the csrfToken of GET /api/v1/session, or authenticate by a token.'
        })
      }
    }
    return principal
  }

  /** @param secret a token, or a one-time code */
  login(secret: string, address: string): { readonly setCookie: string; readonly principal: Principal } {
    const { tokens, codes, cookies, attempts } = this.#parts
    const name = codes.redeem(secret)
    const token: StoredToken | undefined = name === undefined ? tokens.find(secret) : tokens.named(name)
    if (token !== undefined) return cookies.open(token)
    // As above: behind a proxy everybody has one address.
    const wait = attempts.wait(address)
    if (wait > 0) throw tooMany('Too many attempts to log in.', wait)
    attempts.failed(address)
    throw unauthenticated('This is no token of this service, or the one-time address was used before.')
  }

  logout(headers: Headers): string {
    return this.#parts.cookies.close(headers.get('cookie'))
  }
}

function unauthenticated(message = 'The request carries no valid token or session.'): ApiError {
  return new ApiError({
    status: 401,
    code: 'MR_API_UNAUTHENTICATED',
    message,
    next:
      'Send Authorization: Bearer TOKEN; the first token is in admin.token in the data directory, and ' +
      '`millrace tokens add` makes more.',
    headers: { 'WWW-Authenticate': 'Bearer realm="millrace"' }
  })
}
