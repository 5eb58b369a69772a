import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EndedSessions } from './ended-sessions.ts'
import type { Principal } from './principal.ts'
import type { StoredToken, TokenStore } from './token-store.ts'

const HOUR_MS = 3_600_000
const LIFETIME_MS = 12 * HOUR_MS

interface Content {
  readonly name: string
  /** So that a token of the same name that is made later is another one. */
  readonly hash: string
  readonly issuedAt: number
  readonly nonce: string
}

/**
 * What a browser has instead of a token: name of the token and time, signed. The service keeps nothing of a session but
 * that it has logged out, so one survives its restart; it ends with its token, by itself, or by logging out.
 */
export class SessionCookies {
  readonly #key: Uint8Array
  readonly #tokens: TokenStore
  readonly #ended: EndedSessions
  readonly #isSecure: boolean

  /** @param isSecure over TLS alone */
  constructor(key: Uint8Array, tokens: TokenStore, ended: EndedSessions, isSecure: boolean) {
    this.#key = key
    this.#tokens = tokens
    this.#ended = ended
    this.#isSecure = isSecure
  }

  /** With `__Host-` a browser refuses one that another host or a plain connection has set. */
  get #name(): string {
    return this.#isSecure ? '__Host-millrace' : 'millrace'
  }

  open(token: StoredToken): { readonly setCookie: string; readonly principal: Principal } {
    const content: Content = {
      name: token.name,
      hash: token.hash.slice(0, 32),
      issuedAt: Date.now(),
      nonce: randomBytes(16).toString('base64url')
    }
    const text = Buffer.from(JSON.stringify(content)).toString('base64url')
    const value = `${text}.${this.#sign('session', text)}`
    return {
      setCookie: this.#cookie(value, LIFETIME_MS / 1000),
      principal: this.#principal(token, text)
    }
  }

  /** Undefined: no session, or none that is valid now. */
  read(cookieHeader: string | null): Principal | undefined {
    const text = this.#verified(cookieHeader)
    if (text === undefined) return undefined
    const { name, hash, issuedAt, nonce } = contentOf(text)
    if (Date.now() - issuedAt > LIFETIME_MS || this.#ended.has(nonce)) return undefined
    const token = this.#tokens.named(name)
    return token?.hash.startsWith(hash) === true ? this.#principal(token, text) : undefined
  }

  /** @returns the header that makes the browser forget it */
  close(cookieHeader: string | null): string {
    const text = this.#verified(cookieHeader)
    if (text !== undefined) {
      const { nonce, issuedAt } = contentOf(text)
      this.#ended.end(nonce, issuedAt + LIFETIME_MS)
    }
    return this.#cookie('', 0)
  }

  #verified(cookieHeader: string | null): string | undefined {
    const pairs = cookieHeader?.split(';').map((pair) => pair.trim()) ?? []
    const value = pairs.find((pair) => pair.startsWith(`${this.#name}=`))?.slice(this.#name.length + 1)
    const [text, signature] = value?.split('.') ?? []
    if (text === undefined || signature === undefined) return undefined
    return equal(signature, this.#sign('session', text)) ? text : undefined
  }

  #principal({ name, role }: StoredToken, text: string): Principal {
    return { name, role, session: { csrfToken: this.#sign('csrf', text) } }
  }

  #sign(purpose: 'session' | 'csrf', text: string): string {
    return createHmac('sha256', this.#key).update(`${purpose}\n${text}`).digest('base64url')
  }

  #cookie(value: string, maxAge: number): string {
    const secure = this.#isSecure ? '; Secure' : ''
    return `${this.#name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`
  }
}

/** Of one whose signature is right. */
function contentOf(text: string): Content {
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Content
}

/** In a time that does not tell where they differ. */
export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
