import { createHash, randomBytes } from 'node:crypto'

const LIFETIME_MS = 15 * 60_000
const MOST = 100

/**
 * Codes that open one session each, for the address that `serve` prints: a token there would stay in the scrollback of a
 * terminal, in logs and in the history of a browser.
 *
 * Invariant: a code is for one use and for a quarter of an hour; only its hash is kept.
 */
export class LoginCodes {
  readonly #codes = new Map<string, { readonly tokenName: string; readonly until: number }>()

  issue(tokenName: string): string {
    const code = `once_${randomBytes(24).toString('base64url')}`
    const oldest = this.#codes.keys().next().value
    if (this.#codes.size >= MOST && oldest !== undefined) this.#codes.delete(oldest)
    this.#codes.set(hashOf(code), { tokenName, until: Date.now() + LIFETIME_MS })
    return code
  }

  /** The name of the token that it stands for; it is used up with that. */
  redeem(code: string): string | undefined {
    const hash = hashOf(code)
    const found = this.#codes.get(hash)
    this.#codes.delete(hash)
    return found !== undefined && found.until >= Date.now() ? found.tokenName : undefined
  }
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex')
}
