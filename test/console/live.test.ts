import type { Request } from 'playwright-core'
import { expect, it } from 'vitest'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'

describeWithConsole('live updates', (executablePath) => {
  const ground = consoleGround(executablePath)

  it('a broken connection is shown and heals by itself; figures move again', async () => {
    const proxy = await TcpProxy.start(() => ground.server.port)
    const { page, url, close } = await ground.open({ port: proxy.port })
    try {
      await page.goto(`${url}/jobs/orders-to-dr`)
      const rate = page.locator('.card-value data').first()
      await rate.waitFor()
      const before = await rate.getAttribute('value')
      await expect.poll(() => rate.getAttribute('value'), { timeout: 15_000 }).not.toBe(before)

      proxy.set({ cut: true })
      proxy.resetAll()
      const banner = page.locator('.live-banner')
      await banner.waitFor({ timeout: 20_000 })
      expect(await banner.textContent()).toMatch(/No live updates since \d\d:\d\d:\d\d UTC[+−]\d\d:\d\d/)
      await expect.poll(() => page.locator('html.is-stale').count()).toBe(1)
      const stale = await rate.getAttribute('value')

      proxy.set({ cut: false })
      proxy.resetAll()
      await banner.waitFor({ state: 'detached', timeout: 40_000 })
      await expect.poll(() => page.locator('html.is-stale').count()).toBe(0)
      await expect.poll(() => rate.getAttribute('value'), { timeout: 15_000 }).not.toBe(stale)
    } finally {
      await close()
      await proxy.stop()
    }
  })

  it('one stream a page, and none of the page before', async () => {
    const { page, url, close } = await ground.open()
    const open = new Set<string>()
    page.on('request', (request) => request.url().includes('/stream') && open.add(request.url()))
    const gone = (request: { url(): string }) => open.delete(request.url())
    page.on('requestfailed', gone)
    page.on('requestfinished', gone)
    await page.goto(`${url}/jobs`)
    await page.getByRole('link', { name: 'orders-to-dr', exact: true }).click()
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    await page.locator('.log-line').first().waitFor()
    await expect.poll(() => [...open].map((address) => new URL(address).search)).toEqual(['?job=orders-to-dr&log=info'])
    await close()
  })

  it('an attempt that hangs ends when somebody tries once more', async () => {
    const { page, url, close } = await ground.open()
    let attempts = 0
    const open = new Set<Request>()
    page.on('request', (request) => request.url().includes('/stream') && open.add(request))
    page.on('requestfailed', (request) => open.delete(request))
    // The stream of this page is there before the next one's is held up.
    await Promise.all([page.waitForResponse('**/api/v1/stream*'), page.goto(`${url}/jobs`)])
    await page.route('**/api/v1/stream*', (route) => (++attempts === 1 ? route.abort() : undefined))
    await page.getByRole('link', { name: 'orders-to-dr', exact: true }).click()
    const again = page.getByRole('button', { name: 'Try now' })
    await again.waitFor({ timeout: 20_000 })
    for (let press = 0; press < 3; press++) await again.click()
    await expect.poll(() => open.size).toBe(1)
    await close()
  })

  it('what changes while the page loads is not taken back by an answer that is older', async () => {
    const { page, url, close } = await ground.open()
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/api/v1/jobs/clickstream-eu', async (route) => {
      const answer = await route.fetch()
      await released
      await route.fulfill({ response: answer })
    })
    const asked = page.waitForRequest('**/api/v1/jobs/clickstream-eu')
    await page.goto(`${url}/jobs/clickstream-eu`)
    await asked
    const told = (state: string) =>
      page.evaluate<boolean>(`fetch('/api/v1/jobs?limit=1000')
      .then((answer) => answer.json())
      .then(({ items }) => items.find(({ name }) => name === 'clickstream-eu').state === '${state}')`)
    expect(await told('RUNNING')).toBe(true)
    const stopped = await page.request.post(`${url}/api/v1/jobs/clickstream-eu/stop`, {
      headers: { Authorization: `Bearer ${ground.server.tokens.admin}` },
      data: { now: true }
    })
    expect(stopped.ok()).toBe(true)
    await expect.poll(() => told('STOPPED'), { timeout: 15_000 }).toBe(true)
    // The stream tells once a second.
    await page.waitForTimeout(2500)
    release()
    await page.locator('.card').first().waitFor()
    expect(await page.locator('.title-row .state').textContent()).toBe('Stopped')
    await close()
  })

  it('new log lines come to the end and the end stays in view', async () => {
    const { page, url, close } = await ground.open()
    await page.goto(`${url}/jobs/orders-to-dr/log?level=debug`)
    const last = page.locator('.log-line').last()
    await last.waitFor()
    const before = await last.textContent()
    await expect.poll(() => last.textContent(), { timeout: 30_000 }).not.toBe(before)
    const fromEnd = 'const log = document.querySelector(".log"); log.scrollHeight - log.scrollTop - log.clientHeight'
    expect(await page.evaluate(`(() => { ${fromEnd.replace(/; /, '; return ')} })()`)).toBeLessThan(48)
    await close()
  })
})
