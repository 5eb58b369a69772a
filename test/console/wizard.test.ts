import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import type { PageOptions } from './helpers/open-page.ts'
import { tabTo } from './helpers/tab-to.ts'

let number = 0

const fill = async (page: Page, name: string): Promise<void> => {
  await page.getByLabel('Name of the job').fill(name)
  await page.getByLabel('Source cluster', { exact: true }).last().selectOption('production')
  await page.getByLabel('Target cluster', { exact: true }).last().selectOption('disaster-recovery')
  await page.getByRole('button', { name: 'Continue: Topics' }).click()
  await page.getByRole('heading', { name: 'Which topics' }).waitFor()
}

const draftWithTopics = async (page: Page): Promise<string> => {
  const name = `draft-${String(++number)}`
  await fill(page, name)
  const copy = page.getByRole('combobox', { name: 'Copy' }).or(page.getByRole('textbox', { name: 'Copy' }))
  await copy.fill('/^orders/')
  await copy.press('Enter')
  await page.getByRole('status').filter({ hasText: '3 topics copied' }).waitFor()
  return name
}

describeWithConsole('the wizard', (executablePath) => {
  const ground = consoleGround(executablePath)

  /** Logged in, at that address. */
  const open = async (path: string, options: PageOptions = {}): Promise<Page> => {
    const opened = await ground.open(options)
    opened.page.setDefaultTimeout(15_000)
    await opened.page.goto(`${opened.url}${path}`)
    await opened.page.locator('.rail').waitFor()
    return opened.page
  }

  it('leads by keyboard alone from two clusters to a submitted job', async () => {
    const page = await open('/new-job')
    await page.getByRole('heading', { name: 'From where to where' }).waitFor()
    await tabTo(page, /^Name of the job/)
    await page.keyboard.type('by-keyboard')
    await tabTo(page, /^Source cluster/)
    await page.keyboard.type('production')
    await tabTo(page, /^Test$/)
    await page.keyboard.press('Enter')
    await page.getByRole('list', { name: 'Stages of the test' }).getByText('Groups').waitFor()
    await tabTo(page, /^Target cluster/)
    await page.keyboard.type('disaster')
    await tabTo(page, /^Continue: Topics/)
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: 'Which topics' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/edit-job/by-keyboard/topics')
    await tabTo(page, /^Copy/)
    await page.keyboard.type('/^orders/')
    await page.keyboard.press('Enter')
    await page.keyboard.type('customers')
    await page.keyboard.press('Enter')
    await tabTo(page, /^Except/)
    await page.keyboard.type('orders.returned')
    await page.keyboard.press('Enter')
    await page.getByText('3 topics copied, 1 topic excluded.').waitFor()
    await tabTo(page, /^Topics of production/)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('4 topics copied, 1 topic excluded.').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('3 topics copied, 1 topic excluded.').waitFor()
    await tabTo(page, /^Continue: Target/)
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: 'Names and partitions' }).waitFor()
    await tabTo(page, /^The same name/)
    await page.keyboard.press('ArrowDown')
    await page.getByText('becomes dr.').waitFor()
    await tabTo(page, /^Same partition/)
    await page.keyboard.press('ArrowDown')
    await page.getByText('Order not kept', { exact: true }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.getByText('Order kept', { exact: true }).waitFor()
    await tabTo(page, /^Continue: Mapping/)
    await page.keyboard.press('Enter')

    await page.getByText(/3 source topics into 3 target topics/).waitFor()
    await tabTo(page, /^Target topic of customers/)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('clients')
    await page.keyboard.press('Enter')
    await page.locator('input.edited').waitFor()
    await tabTo(page, /^Continue: Task/)
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: 'How it runs' }).waitFor()
    await tabTo(page, /^Workers/)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('2')
    await page.getByText(/Each of 2 workers has .* for records on their way/).waitFor()
    await tabTo(page, /^Continue: Review/)
    await page.keyboard.press('Enter')

    await page.getByText('can be submitted').waitFor()
    const yaml = await page.getByLabel('Configuration as YAML').textContent()
    expect(yaml).toContain("include: ['/^orders/', customers]")
    expect(yaml).toContain('customers: clients')
    await tabTo(page, /^Submit job/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/jobs\/by-keyboard/)
    await page.getByText('Submitted', { exact: true }).first().waitFor()
    await page.getByRole('dialog', { name: /Start/ }).waitFor()
    await page.context().close()
  })

  it('keeps a draft and what was typed after it over a reload, and goes back by the browser', async () => {
    const page = await open('/new-job')
    const name = await draftWithTopics(page)
    await page.reload()
    await page.getByRole('listitem').filter({ hasText: '/^orders/' }).waitFor()
    await page.getByRole('button', { name: 'Continue: Target' }).click()
    await page.getByRole('heading', { name: 'Names and partitions' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Which topics' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/edit-job/${name}/topics`)
    await page.context().close()
  })

  it('opens no step whose precondition is missing, whatever the address says', async () => {
    const page = await open('/new-job')
    const name = `draft-${String(++number)}`
    await fill(page, name)
    await page.goto(new URL(`/edit-job/${name}/review`, page.url()).href)
    await page.getByRole('heading', { name: 'Which topics' }).waitFor()
    expect(await page.getByRole('link', { name: 'Review' }).count()).toBe(0)
    await page.context().close()
  })

  it('says at each field what is missing, and puts the focus there', async () => {
    const page = await open('/new-job')
    await page.getByRole('button', { name: 'Continue: Topics' }).click()
    await page.getByText('Give the job a name.').waitFor()
    const field = page.getByLabel('Name of the job')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const described = await field.getAttribute('aria-describedby')
    expect(described).toMatch(/wrong/)
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toContain('Name of the job')
    await page.context().close()
  })

  it('takes a file, keeps what it does not show, and checks properties as they are typed', async () => {
    const page = await open('/new-job?import=1')
    await page
      .getByLabel('Or paste it')
      .fill(
        `name: imported\nsource: { connection: production }\ntarget: { connection: archive }\n` +
          `topics: { include: [customers] }\ntraces: { ratio: 1 } # kept\n`
      )
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('button', { name: 'Continue: Topics' }).click()
    await page.getByText('1 topic copied.').waitFor()
    await page.getByRole('link', { name: 'Task' }).click()
    await page.getByText('traces.ratio').waitFor()
    await page.getByLabel('Consumer properties: name of another').fill('enable.auto.commit=true')
    await page.getByLabel('Add to Consumer properties').click()
    await page.locator('.property .wrong').waitFor()
    await page.getByRole('button', { name: 'Remove enable.auto.commit' }).click()
    await page.getByRole('link', { name: 'Review' }).click()
    await page.getByText('can be submitted').waitFor()
    expect(await page.getByLabel('Configuration as YAML').textContent()).toContain('ratio: 1')
    await page.context().close()
  })

  it('refuses a file that is none, and says why', async () => {
    const page = await open('/new-job?import=1')
    await page.getByLabel('Or paste it').fill('[not, a, map]')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText(/no map/).waitFor()
    await page.context().close()
  })

  it('shows that the service does not answer, and goes on when it does again', async () => {
    const page = await open('/jobs')
    await page.route('**/api/v1/connections', (route) => route.abort())
    await page.goto(new URL('/new-job', page.url()).href)
    await page.getByText('The service does not answer.').waitFor()
    await page.unroute('**/api/v1/connections')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByLabel('Source cluster', { exact: true }).last().waitFor()
    await page.context().close()
  })

  it('says when not all topics are shown', async () => {
    const page = await open('/new-job')
    await page.route('**/topics?*', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as object
      await route.fulfill({ response: answer, json: { ...body, total: 5000, nextCursor: 'x' } })
    })
    await fill(page, `draft-${String(++number)}`)
    await page.getByText(/of 5.000 topics are shown/).waitFor()
    await page.context().close()
  })
})
