import type { Page } from 'playwright-core'

/** What the focused element is called, as far as a reader of the screen hears it. */
const FOCUSED = `(() => {
  const element = document.activeElement
  const label = element.labels?.[0]?.textContent ?? ''
  return element.getAttribute('aria-label') ?? (label === '' ? (element.textContent ?? '') : label)
})()`

/** Tab until the element of that name has the focus: what can't be reached by keyboard fails. */
export async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab')
    const focused = (await page.evaluate<string>(FOCUSED)).trim()
    if (name.test(focused)) return
    seen.push(focused.slice(0, 30))
  }
  throw new Error(`Tab does not reach ${String(name)}; it went over ${seen.join(' | ')}`)
}
