import type { Browser, Page } from 'playwright-core'
import type { Role } from '../../../src/api/contract.ts'

/** Where a console is served, and with what one logs in. */
export interface ConsoleServer {
  readonly port: number
  /** Tokens, or codes that log in once, by role. */
  readonly tokens: Readonly<Partial<Record<Role, string>>>
}

export interface PageOptions {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  readonly role?: Role
  /** Of a proxy in between. */
  readonly port?: number
  /** axe is put into the page as a script of its own, which the page's policy forbids. */
  readonly withoutPolicy?: boolean
}

export interface OpenPage {
  readonly page: Page
  readonly url: string
  /** What the browser complained about: errors of scripts, of the policy, of requests. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** A browser of its own, so to say: nothing stored, logged in by the address that `serve` prints. */
export async function openPage(browser: Browser, server: ConsoleServer, options: PageOptions = {}): Promise<OpenPage> {
  const { theme = 'light', width = 1280, role = 'admin', port = server.port, withoutPolicy = false } = options
  const context = await browser.newContext({
    viewport: { width, height: width < 720 ? 844 : 800 },
    colorScheme: theme,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    bypassCSP: withoutPolicy
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const url = `http://127.0.0.1:${port}`
  await page.goto(`${url}/login#token=${server.tokens[role] ?? ''}`)
  await page.locator('.rail').waitFor()
  // Before, the console has asked whether somebody is logged in: nobody was.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, url, complaints, close: () => context.close() }
}
