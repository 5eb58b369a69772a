import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import type { OpenPage } from './helpers/open-page.ts'

const state = (page: Page) => page.locator('.title-row .state').textContent()

describeWithConsole('what is done with a job', (executablePath) => {
  const ground = consoleGround(executablePath)
  let open: OpenPage
  beforeEach(async () => {
    open = await ground.open()
  })
  afterEach(() => open.close())

  it('the clusters of the picture lead to their connections', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/orders-to-dr`)
    await page.locator('.flow-address a').first().click()
    await page.getByRole('dialog', { name: 'Connection production' }).waitFor()
  })

  it('stop says what it means; the page follows until the job has stopped', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/orders-to-dr`)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('nothing is lost')
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect.poll(() => state(page), { timeout: 15_000 }).toBe('Stopped')
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor()
  })

  it('a start that overwrites commits needs the name of the job', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/logs-to-lake`)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Earliest').click()
    await dialog.getByText('are overwritten').waitFor()
    const start = dialog.getByRole('button', { name: 'Start', exact: true })
    expect(await start.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('logs-to-lake')
    await start.click()
    await expect.poll(() => state(page), { timeout: 15_000 }).toMatch(/Starting|Running/)
  })

  it('the time picker shows its zone and UTC', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/users-cdc`)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('At a time').click()
    await dialog.getByLabel(/Time \(UTC\+0[12]:00, Europe\/Berlin\)/).fill('2026-01-15T12:00:00')
    await dialog.getByText('That is 2026-01-15 11:00:00.000 UTC').waitFor()
  })

  it('Escape closes a dialog and gives the focus back', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/clickstream-eu`)
    const stop = page.getByRole('button', { name: 'Stop', exact: true })
    await stop.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Stop')
  })

  it('a configuration that somebody else has changed is not overwritten unseen', async () => {
    const { page, url } = open
    await page.goto(`${url}/jobs/clickstream-eu/configuration?edit=1`)
    const editor = page.getByRole('textbox', { name: 'Configuration' })
    const text = await editor.inputValue()
    const other = await ground.open()
    await other.page.goto(`${url}/jobs/clickstream-eu/configuration?edit=1`)
    await other.page.getByRole('textbox', { name: 'Configuration' }).fill(`${text}# theirs\n`)
    await other.page.getByRole('button', { name: 'Save revision' }).click()
    await other.page.getByText('Revision 2 saved').first().waitFor()
    await other.close()

    await editor.fill(`${text}# ours\n`)
    await page.getByRole('button', { name: 'Save revision' }).click()
    await page.getByText('Somebody else has changed the job').waitFor()
    expect(await editor.inputValue()).toBe(`${text}# ours\n`)
    await page.getByRole('button', { name: 'Go on from the newest revision' }).click()
    await page.getByRole('heading', { name: 'Edit revision 2' }).waitFor()
    await page.getByRole('button', { name: 'Save revision' }).click()
    await page.getByRole('heading', { name: 'Revision 3' }).waitFor()
  })

  it('who may only look sees no button that does something', async () => {
    const reader = await ground.open({ role: 'read' })
    await reader.page.goto(`${reader.url}/jobs/clickstream-eu`)
    await reader.page.locator('.card').first().waitFor()
    for (const name of ['Stop', 'Start', 'More actions']) {
      expect(await reader.page.getByRole('button', { name, exact: true }).count()).toBe(0)
    }
    await reader.close()
  })

  it('without a token there is a login, and a wrong token is told', async () => {
    const context = await ground.browser.newContext()
    const page = await context.newPage()
    await page.goto(`${open.url}/jobs/clickstream-eu`)
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Token').fill(ground.server.tokens.read)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: /clickstream-eu/ }).waitFor()
    await context.close()
  })
})
