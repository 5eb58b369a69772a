import { createHmac } from 'node:crypto'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../helpers/checker.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../helpers/webhook-receiver.ts'
import { ClusterPair, NOTHING_LOST, type Load } from '../integration/faults/cluster-pair.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import { findViolations } from './helpers/find-violations.ts'
import { keepPicture } from './helpers/keep-picture.ts'
import { openPage, type OpenPage } from './helpers/open-page.ts'
import { startRealService, type RealService } from './helpers/real-service.ts'

// The way of a user through the console, with nothing pretended: the service as it is started, real brokers, a real webhook.

const SECRET = 'of-the-webhook'
const MINUTE = 60_000
/** Few enough to be shown exactly. */
const RECORDS = 9000

describeWithBrokers('a user of the console', () => {
  describeWithConsole('from two addresses to a copy', (executablePath) => {
    let browser: Browser
    let pair: ClusterPair
    let service: RealService
    let webhook: WebhookReceiver
    let open: OpenPage
    let load: Load | undefined

    beforeAll(async () => {
      pair = await ClusterPair.start()
      await pair.createSourceTopic('orders.placed', 3)
      await pair.createSourceTopic('orders.returned', 2)
      await pair.createSourceTopic('users', 1)
      await writeRecords({ ...pair.sourceCluster, topic: 'orders.placed', partitions: 3, records: RECORDS, size: 200 })
      await writeRecords({ ...pair.sourceCluster, topic: 'users', partitions: 1, records: 100, size: 100 })
      webhook = await startWebhookReceiver()
      service = await startRealService()
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      open = await openPage(browser, service, { withoutPolicy: true })
      open.page.setDefaultTimeout(30_000)
    }, 5 * MINUTE)
    afterAll(async () => {
      await browser?.close()
      await service?.remove()
      await load?.stop().catch(() => undefined)
      await webhook?.close()
      await pair?.stop()
    })

    /** What is seen now is accessible, and kept as a picture when pictures are wanted. */
    const look = async (page: Page, name: string) => {
      expect(await findViolations(page), name).toEqual([])
      await keepPicture(page, `real-${name}`)
    }
    const press = async (page: Page, name: string | RegExp) => {
      await page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) }).click()
    }
    const state = (page: Page) => page.locator('.title-row .state').textContent()
    const counted = async (page: Page): Promise<number> => {
      const answer = await page.request.get(`${open.url}/api/v1/jobs/orders`)
      return ((await answer.json()) as { figures: { records: number } | null }).figures?.records ?? 0
    }

    it('first things first: no job, no connection, and what to do about it', async () => {
      const { page } = open
      await page.getByText('No jobs yet').waitFor()
      await look(page, 'empty')
      for (const side of ['source', 'target'] as const) {
        await page.goto(`${open.url}/connections?new=1`)
        const dialog = page.getByRole('dialog', { name: 'New connection' })
        await dialog.getByLabel('Name', { exact: true }).fill(side)
        await dialog.getByLabel('Bootstrap servers').fill(pair[side].bootstrapServers)
        await dialog.getByRole('button', { name: 'Test', exact: true }).click()
        await dialog.locator('.stages').getByText('Groups').waitFor()
        expect(await dialog.locator('.stages .failed').count()).toBe(0)
        if (side === 'target') await look(page, 'connection-test')
        await dialog.getByRole('button', { name: 'Create connection' }).click()
        await dialog.waitFor({ state: 'detached' })
      }
      await expect.poll(() => page.locator('tbody tr').count()).toBe(2)
    })

    it(
      'the wizard previews what would be copied, and submits it',
      async () => {
        const { page } = open
        await page.goto(`${open.url}/new-job`)
        await page.getByLabel('Name of the job').fill('orders')
        await page.getByLabel('Source cluster', { exact: true }).last().selectOption('source')
        await page.getByLabel('Target cluster', { exact: true }).last().selectOption('target')
        await press(page, 'Continue: Topics')
        await page.getByRole('heading', { name: 'Which topics' }).waitFor()
        const copy = page.getByRole('combobox', { name: 'Copy' }).or(page.getByRole('textbox', { name: 'Copy' }))
        await copy.fill('/^orders/')
        await copy.press('Enter')
        await page.getByRole('status').filter({ hasText: '2 topics copied' }).waitFor()
        await look(page, 'topics')
        await press(page, 'Continue: Target')
        await page.getByRole('heading', { name: 'Names and partitions' }).waitFor()
        await press(page, 'Continue: Mapping')
        await page.getByText(/2 source topics into 2 target topics/).waitFor()
        await look(page, 'mapping')
        await press(page, /^Continue: Task/)
        await page.getByRole('heading', { name: 'How it runs' }).waitFor()
        await press(page, 'Continue: Review')
        await page.getByText('can be submitted').waitFor()
        await look(page, 'review')
        await press(page, 'Submit job')
        await page.waitForURL(/\/jobs\/orders/)
        await page.getByText('Submitted', { exact: true }).first().waitFor({ timeout: MINUTE })
      },
      3 * MINUTE
    )

    it(
      'the start dialog says what it means in records; the job runs, and the page follows it',
      async () => {
        const { page } = open
        const dialog = page.getByRole('dialog', { name: 'Start orders' })
        await dialog.waitFor()
        await dialog.getByText('Earliest', { exact: true }).click()
        await dialog
          .locator('dt:text("To copy") + dd')
          .filter({ hasText: /^9.?000 records/ })
          .waitFor()
        await look(page, 'start')
        await dialog.getByRole('button', { name: 'Start', exact: true }).click()
        await expect.poll(() => state(page), { timeout: MINUTE }).toBe('Running')
        load = await pair.startLoad({ topic: 'orders.placed', partitions: 3, rate: 500, size: 200 })
        await expect.poll(() => counted(page), { timeout: MINUTE }).toBeGreaterThan(RECORDS)
        await page.locator('.chart canvas').first().waitFor()
        await page.goto(`${open.url}/jobs/orders/partitions`)
        await page.getByRole('row').filter({ hasText: 'orders.placed' }).first().waitFor()
        await expect.poll(() => page.locator('tbody tr').count()).toBe(5)
        await look(page, 'partitions')
        await page.goto(`${open.url}/jobs/orders/log`)
        await page.getByText('The job is RUNNING.').first().waitFor()
        await page.goto(`${open.url}/jobs`)
        await page.getByRole('row').filter({ hasText: 'orders' }).first().waitFor()
        await look(page, 'jobs')
      },
      3 * MINUTE
    )

    it(
      'an alarm fires at the webhook, signed, and is told to be over',
      async () => {
        const { page } = open
        await page.goto(`${open.url}/alarms/channels?new=1`)
        const channel = page.getByRole('dialog', { name: 'New channel' })
        await channel.getByLabel('Name', { exact: true }).fill('on-call')
        await channel.getByLabel('URL').fill(webhook.url)
        await channel.getByLabel('Secret for the signature').fill(SECRET)
        await channel.getByRole('button', { name: 'Save channel' }).click()
        await channel.waitFor({ state: 'detached' })
        await page.goto(`${open.url}/alarms/rules?new=1`)
        const rule = page.getByRole('dialog', { name: 'New alarm rule' })
        await rule.getByLabel('Title').fill('Far behind')
        await rule.getByLabel('What', { exact: true }).selectOption('lagRecords')
        await rule.getByLabel('Value (records)').fill('2000')
        await rule.getByLabel('For', { exact: true }).fill('1s')
        await rule.getByLabel('on-call (webhook)').check()
        await rule.getByText('Fires when: Lag in records above 2000 records for 1 s.').waitFor()
        await rule.getByRole('button', { name: 'Save rule' }).click()
        await rule.waitFor({ state: 'detached' })

        await page.goto(`${open.url}/jobs/orders`)
        await press(page, 'More actions')
        await page.getByRole('menuitem', { name: 'Pause…' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
        await expect.poll(() => state(page), { timeout: MINUTE }).toBe('Paused')
        await webhook.until(1)
        await page.goto(`${open.url}/alarms`)
        await page.getByRole('row').filter({ hasText: 'Far behind' }).first().waitFor()
        await look(page, 'alarm')
        const [fired] = webhook.received
        expect(JSON.parse(fired?.body ?? '')).toMatchObject({
          type: 'alarm.fired',
          alarm: { job: 'orders', title: 'Far behind', severity: 'warning' }
        })
        const [, seconds = '', digest = ''] =
          /^t=(\d+),v1=(\w+)$/.exec(String(fired?.headers['millrace-signature'])) ?? []
        expect(
          createHmac('sha256', SECRET)
            .update(`${seconds}.${fired?.body ?? ''}`)
            .digest('hex')
        ).toBe(digest)

        await page.goto(`${open.url}/jobs/orders`)
        await press(page, 'Resume')
        await expect.poll(() => state(page), { timeout: MINUTE }).toBe('Running')
        await webhook.until(2)
        expect(JSON.parse(webhook.received[1]?.body ?? '')).toMatchObject({
          type: 'alarm.resolved',
          alarm: { job: 'orders', title: 'Far behind' }
        })
        await look(page, 'job')
      },
      4 * MINUTE
    )

    it(
      'stops when told to; what was copied is what was written, and nobody complained',
      async () => {
        const { page } = open
        await load?.stop()
        load = undefined
        await expect
          .poll(async () => (await pair.copied('orders.placed')) === (await pair.written('orders.placed')), {
            timeout: MINUTE,
            interval: 500
          })
          .toBe(true)
        await press(page, 'Stop')
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Stop', exact: true }).click()
        await expect.poll(() => state(page), { timeout: MINUTE }).toBe('Stopped')
        expect(await pair.compare(['orders.placed'], { group: 'orders' })).toMatchObject(NOTHING_LOST)
        await page.goto(`${open.url}/audit`)
        for (const what of ['submit', 'start', 'pause', 'resume', 'stop']) {
          await page.getByRole('row').filter({ hasText: what }).first().waitFor()
        }
        expect(open.complaints).toEqual([])
        expect(await service.interrupt(), service.output()).toMatchObject({ exitCode: 130 })
      },
      3 * MINUTE
    )
  })
})
