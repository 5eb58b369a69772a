import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type AskedApi, askApi } from './ask-api.ts'

const PAGE = '<!doctype html><title>millrace</title>'

async function withConsole(): Promise<AskedApi> {
  const asked = await askApi()
  const web = join(asked.directory.path, 'web')
  await mkdir(join(web, 'assets'), { recursive: true })
  await writeFile(join(web, 'index.html'), PAGE)
  await writeFile(join(web, 'assets', 'index-a1b2.js'), 'console.log(1)')
  await writeFile(join(web, '.env'), 'hidden')
  return asked
}

const get = async (asked: AskedApi, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  await asked.api.fetch(new Request(`http://localhost${path}`, { headers: { host: 'localhost', ...headers } }))

it('serves the page at every address of the console, without a token', async () => {
  await using asked = await withConsole()
  for (const path of ['/', '/jobs', '/jobs/orders-to-dr/partitions', '/index.html']) {
    const response = await get(asked, path)
    expect(await response.text(), path).toBe(PAGE)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  }
  const etag = (await get(asked, '/')).headers.get('etag') ?? ''
  expect((await get(asked, '/', { 'if-none-match': etag })).status).toBe(304)
})

it('assets are kept for ever; one that is gone is no page', async () => {
  await using asked = await withConsole()
  const asset = await get(asked, '/assets/index-a1b2.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toContain('javascript')
  const gone = await get(asked, '/assets/index-old.js')
  expect(gone.status).toBe(404)
  expect(await gone.text()).not.toContain('<')
})

it('gives away nothing outside of its directory, and no hidden file', async () => {
  await using asked = await withConsole()
  await writeFile(join(asked.directory.path, 'secret'), 'secret')
  for (const path of [
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/assets/..%2f..%2fsecret',
    '/.env',
    '/%00',
    '/%ff',
    '//etc/passwd'
  ]) {
    const text = await (await get(asked, path)).text()
    expect(text, path).not.toMatch(/secret|hidden|root:/)
  }
})

it('a link inside that leads outside is not followed', async () => {
  await using asked = await withConsole()
  await writeFile(join(asked.directory.path, 'secret'), 'secret')
  await symlink(join(asked.directory.path, 'secret'), join(asked.directory.path, 'web', 'linked'))
  expect(await (await get(asked, '/linked')).text()).toBe(PAGE)
})

it('changes nothing by POST, and says how to build it when it is not there', async () => {
  await using asked = await askApi()
  expect(
    (await asked.api.fetch(new Request('http://localhost/', { method: 'POST', headers: { host: 'localhost' } }))).status
  ).toBe(405)
  const response = await get(asked, '/jobs')
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run build')
})

it('tells probes that it is there, and nothing else', async () => {
  await using asked = await askApi()
  expect(await (await get(asked, '/healthz')).json()).toEqual({ status: 'ok' })
})
