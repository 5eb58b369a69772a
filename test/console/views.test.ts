import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleGround } from './helpers/console-ground.ts'
import { describeWithConsole } from './helpers/describe-with-console.ts'
import { findViolations } from './helpers/find-violations.ts'
import { keepPicture } from './helpers/keep-picture.ts'
import type { OpenPage } from './helpers/open-page.ts'
import { VIEWS } from './views.ts'

const LOOKS = [
  { look: 'light', theme: 'light', width: 1280 },
  { look: 'dark', theme: 'dark', width: 1280 },
  { look: 'narrow', theme: 'light', width: 390 },
  { look: 'narrow-dark', theme: 'dark', width: 390 }
] as const

describeWithConsole('every view', (executablePath) => {
  const ground = consoleGround(executablePath)

  describe.each(LOOKS)('$look', ({ look, theme, width }) => {
    let open: OpenPage
    beforeAll(async () => {
      open = await ground.open({ theme, width, withoutPolicy: true })
    })
    afterAll(() => open?.close())

    it.each(VIEWS)('$name: accessible, nothing cut off', async ({ name, path, ready, clicks, readyAfter, inDocs }) => {
      const { page, url } = open
      await page.goto(`${url}${path}`)
      await page.locator(ready).first().waitFor()
      for (const click of clicks ?? []) await page.locator(click).first().click()
      if (readyAfter !== undefined) await page.locator(readyAfter).first().waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(await findViolations(page)).toEqual([])
      await keepPicture(page, `${name}-${look}`, inDocs?.includes(look))
    })
  })

  it('axe finds what is wrong: a check that could not fail would be none', async () => {
    const open = await ground.open({ withoutPolicy: true })
    await open.page.evaluate(
      `document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button><img src="/icon.svg">')`
    )
    expect((await findViolations(open.page)).map((text) => text.split(' ')[0])).toEqual(
      expect.arrayContaining(['button-name', 'image-alt'])
    )
    await open.close()
  })
})
