import { accessSync, constants } from 'node:fs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Debian's package, or what MILLRACE_TEST_CHROMIUM names; undefined = there is none. */
export function findChromium(): string | undefined {
  const named = process.env['MILLRACE_TEST_CHROMIUM']
  return (named === undefined ? PLACES : [named]).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
