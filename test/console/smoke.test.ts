import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'

const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url))
const BUDGET = 100_000

describeWithConsole('the console', (executablePath) => {
  const ground = consoleGround(executablePath)

  it('is smaller than 100 kB gzipped, whatever of it is opened', () => {
    const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|css|html|svg)$/.test(file)
    )
    const sizes = files.map((file) => gzipSync(readFileSync(`${BUILT}/${file}`), { level: 9 }).length)
    expect(sizes.length).toBeGreaterThan(2)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET)
  })

  it('from the log-in over the jobs to a job and its charts, by keyboard, under its own policy, without a complaint', async () => {
    const { page, complaints, close } = await ground.open()
    await expect.poll(() => page.url()).toMatch(/\/jobs$/)
    await page.getByRole('region', { name: 'Jobs' }).focus()
    await page.keyboard.press('/')
    await page.keyboard.type('orders-to')
    await page.keyboard.press('Tab')
    await page.getByRole('region', { name: 'Jobs' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /orders-to-dr/ }).waitFor()
    await page.locator('.chart canvas').first().waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: /orders-to-dr/ }).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})
