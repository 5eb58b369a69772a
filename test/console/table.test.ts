import { afterAll, beforeAll, expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import type { OpenPage } from './helpers/open-page.ts'

describeWithConsole('a table of 1,000 partitions', (executablePath) => {
  const ground = consoleGround(executablePath)
  let open: OpenPage
  beforeAll(async () => {
    open = await ground.open()
    await open.page.goto(`${open.url}/jobs/clickstream-eu/partitions`)
    await open.page.locator('tbody tr').first().waitFor()
  })
  afterAll(async () => {
    await open?.close()
  })

  it('draws only what is in view, and the last row is reached by End', async () => {
    const { page } = open
    expect(await page.locator('tbody tr').count()).toBeLessThan(80)
    await page.getByRole('region', { name: 'Partitions' }).focus()
    await page.keyboard.press('End')
    await page.locator('tr.active').waitFor()
    expect(await page.locator('tr.active').getAttribute('aria-rowindex')).toBe('1001')
    expect(await page.locator('tbody tr').count()).toBeLessThan(80)
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => page.locator('tr.active').getAttribute('aria-rowindex')).toBe('1000')
  })

  it('sorts by a click, as people count, and says so', async () => {
    const { page } = open
    const head = page.getByRole('columnheader', { name: 'Partition' })
    await head.getByRole('button').click()
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending')
    await page.getByRole('region', { name: 'Partitions' }).focus()
    await page.keyboard.press('Home')
    const names = await page.locator('tbody th').allTextContents()
    expect(names.slice(0, 3)).toEqual(['clicks.01-0', 'clicks.01-1', 'clicks.01-2'])
    expect(new URL(page.url()).searchParams.get('sort')).toBe('partition')
  })

  it('/ leads to the filter, which stands in the address; Escape clears it', async () => {
    const { page } = open
    await page.getByRole('region', { name: 'Partitions' }).focus()
    await page.keyboard.press('/')
    await page.keyboard.type('clicks.07-4')
    await expect.poll(() => page.locator('.shown').textContent()).toBe('11 of 1\u202f000')
    expect(new URL(page.url()).searchParams.get('filter')).toBe('clicks.07-4')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.shown').textContent()).toBe('1\u202f000')
  })

  it('columns can be chosen and are remembered', async () => {
    const { page } = open
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Target topic' }).check()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('columnheader', { name: 'Target topic' }).waitFor()
  })

  it('a partition that is gone leaves the table', async () => {
    const { page, url } = open
    let answers = 0
    await page.route('**/api/v1/**/partitions?*', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { items: readonly object[] }
      const gone = { ...body.items[0], topic: 'a.deleted.topic', lag: 1e15 }
      await route.fulfill({
        response: answer,
        json: ++answers === 1 ? { ...body, items: [gone, ...body.items] } : body
      })
    })
    await page.goto(`${url}/jobs/clickstream-eu/partitions`)
    await page.locator('tbody tr').first().waitFor()
    await expect.poll(() => page.locator('.shown').textContent()).toBe('1\u202f000')
    expect(await page.getByText('a.deleted.topic').count()).toBe(0)
    expect(answers).toBe(2)
    await page.unroute('**/api/v1/**/partitions?*')
  })

  it('one partition is paused and goes on', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/clickstream-eu/partitions?filter=clicks.05-55`)
    await page.getByRole('button', { name: 'Pause clicks.05-55' }).click()
    await page.locator('.state.paused').waitFor({ timeout: 10_000 })
    await page.getByRole('button', { name: 'Resume clicks.05-55' }).click()
    await page.locator('.state.running', { hasText: 'Copying' }).waitFor({ timeout: 10_000 })
  })
})
