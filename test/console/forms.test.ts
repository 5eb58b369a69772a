import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import type { PageOptions } from './helpers/open-page.ts'

describeWithConsole('connections, alarms, audit and settings', (executablePath) => {
  const ground = consoleGround(executablePath)

  /** Logged in, at that address. */
  const open = async (path: string, options: PageOptions = {}): Promise<Page> => {
    const opened = await ground.open(options)
    opened.page.setDefaultTimeout(15_000)
    await opened.page.goto(`${opened.url}${path}`)
    await opened.page.locator('.rail').waitFor()
    return opened.page
  }

  it('make a connection whose password nobody sees again, test it, and change it', async () => {
    const page = await open('/connections')
    await page.getByRole('button', { name: 'New connection' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create connection' }).click()
    await dialog.getByText('Give it a name.').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('staging')
    await dialog.getByLabel('Bootstrap servers').fill('staging-1.example:9093')
    await dialog.getByLabel('Login').selectOption('SCRAM-SHA-512')
    await dialog.getByLabel('Encryption').selectOption('tls')
    await dialog.getByLabel('User name').fill('mirror')
    await dialog.getByLabel('Password', { exact: true }).fill('correct horse')
    await dialog.getByRole('button', { name: 'Test' }).click()
    await dialog.getByText('Groups').waitFor()
    await dialog.getByRole('button', { name: 'Create connection' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'staging' }).click()
    await dialog.getByText('stored, fingerprint').waitFor()
    expect(await page.content()).not.toContain('correct horse')
    await dialog.getByLabel('Note').fill('rebuilt weekly')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('rebuilt weekly').waitFor()
    await page.context().close()
  })

  it('do not offer to delete a connection that a job uses', async () => {
    const page = await open('/connections')
    await page.getByRole('button', { name: 'More for production' }).click()
    const item = page.getByRole('menuitem', { name: /Delete/ })
    expect(await item.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Escape')
    await page.context().close()
  })

  it('make a rule from a preset, and switch it off', async () => {
    const page = await open('/alarms/rules?new=1')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'The target limits' }).click()
    await dialog.getByText('Fires when: Back pressure of the target above 90 % for 10 m.').waitFor()
    await dialog.getByLabel('on-call (webhook)').check()
    await dialog.getByRole('button', { name: 'Save rule' }).click()
    await page.getByText('Back pressure of the target above 90 % for 10 m').waitFor()
    await page.getByRole('button', { name: 'More for The target limits' }).click()
    await page.getByRole('menuitem', { name: 'Switch off' }).click()
    await page.locator('tr', { hasText: 'The target limits' }).getByText('off', { exact: true }).waitFor()
    await page.context().close()
  })

  it('make a channel and send a test to it', async () => {
    const page = await open('/alarms/channels?new=1')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('pager')
    await dialog.getByLabel('URL').fill('https://pager.example/hook')
    await dialog.getByRole('button', { name: 'Save channel' }).click()
    await page.locator('tr', { hasText: 'pager.example' }).getByRole('button', { name: 'Test' }).click()
    await page.getByRole('dialog').locator('.results li').waitFor()
    await page.context().close()
  })

  it('take the secret of a channel away', async () => {
    const page = await open('/alarms/channels?edit=on-call')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('stored, fingerprint').waitFor()
    await dialog.getByText('Replace').click()
    await dialog.getByRole('button', { name: 'Save channel' }).click()
    await page.locator('tr', { hasText: 'on-call' }).getByText('none', { exact: true }).waitFor()
    await page.context().close()
  })

  it('lead from a rule to a channel that is still missing', async () => {
    const page = await open('/alarms')
    await page.route('**/api/v1/alarm-channels', (request) => request.fulfill({ json: [] }))
    await page.goto(new URL('/alarms/rules?new=1', page.url()).href)
    await page.getByRole('link', { name: 'Create one' }).click()
    await page.getByRole('dialog', { name: 'New channel' }).waitFor()
    // What the rule's dialog tells late must not close the next one.
    await page.waitForTimeout(500)
    expect(await page.getByRole('dialog', { name: 'New channel' }).count()).toBe(1)
    await page.context().close()
  })

  it('find in the audit log what was done', async () => {
    const page = await open('/audit')
    await page.getByLabel('Subject').fill('connection')
    await page.locator('tbody tr', { hasText: 'connection' }).first().waitFor()
    await page.waitForURL(/subject=connection/)
    expect(await page.locator('tbody tr', { hasText: 'job ' }).count()).toBe(0)
    await page.context().close()
  })

  it('offer a reader nothing that a reader may not do', async () => {
    const page = await open('/connections', { role: 'read' })
    await page.getByText('analytics').first().waitFor()
    expect(await page.getByRole('button', { name: /New|Test|More for/ }).count()).toBe(0)
    await page.goto(new URL('/alarms/rules?edit=rule-1', page.url()).href)
    await page.getByText('A job has failed').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'A job has failed' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: /New|Test|More for/ }).count()).toBe(0)
    await page.context().close()
  })

  it('say so when there is nothing yet', async () => {
    const page = await open('/audit')
    const empty = [
      ['**/api/v1/connections', '/connections', 'No connections yet'],
      ['**/api/v1/alarms', '/alarms', 'All quiet'],
      ['**/api/v1/alarm-rules', '/alarms/rules', 'No rules yet'],
      ['**/api/v1/alarm-channels', '/alarms/channels', 'No channels yet']
    ] as const
    for (const [route, path, words] of empty) {
      await page.route(route, (request) => request.fulfill({ json: [] }))
      await page.goto(new URL(path, page.url()).href)
      await page.getByRole('heading', { name: words }).waitFor()
    }
    await page.context().close()
  })
})
