import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openPage, type OpenPage, type PageOptions } from './open-page.ts'
import { type PretendServer, startPretendServer } from './pretend-server.ts'

export interface ConsoleGround {
  readonly browser: Browser
  readonly server: PretendServer
  readonly open: (options?: PageOptions) => Promise<OpenPage>
}

/** A browser and a pretended service for the tests of the `describe` that this is called in. */
export function consoleGround(executablePath: string): ConsoleGround {
  let browser: Browser
  let server: PretendServer
  beforeAll(async () => {
    server = await startPretendServer()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  return {
    get browser() {
      return browser
    },
    get server() {
      return server
    },
    open: async (options) => await openPage(browser, server, options)
  }
}
