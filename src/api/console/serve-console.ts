import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { methodNotAllowed } from '../http/api-errors.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8'
}

const YEAR_SECONDS = 31_536_000

/**
 * The console as vite built it. Files of `assets/` have a hash of their content in their name and are kept for ever;
 * any other path that is no file is one of the console's own addresses and gets its page.
 */
export async function serveConsole(request: Request, root: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed(request.method, ['GET', 'HEAD'])
  const path = safePath(new URL(request.url).pathname)
  const isAsset = path?.startsWith('assets/') === true
  const file = path === undefined || path === '' ? undefined : await readIfThere(root, path)
  if (file !== undefined && path !== undefined) {
    const caching = isAsset ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'
    return fileResponse(request, file, TYPES[extname(path)] ?? 'application/octet-stream', caching)
  }
  // An old page that asks for an asset of a version that is gone must not be given a page instead of a script.
  if (isAsset) return new Response('There is no such file.\n', { status: 404, headers: PLAIN })
  const page = await readIfThere(root, 'index.html')
  if (page === undefined)
    return new Response(NOT_BUILT, { status: 503, headers: { 'Content-Type': TYPES['.html'] ?? '' } })
  return fileResponse(request, page, TYPES['.html'] ?? '', 'no-cache')
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8' }

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>millrace</title>
<h1>The console is not built</h1>
<p>The service runs: <code>/api/v1</code> answers, <code>millrace jobs list</code> works.</p>
<p>To build the console, run <code>npm run build</code> in the directory of millrace, then load this page again.</p>
</html>
`

/** Relative and inside; undefined when it can't be the name of a file that we would give away. */
function safePath(pathname: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  const parts = decoded.split('/').filter((part) => part !== '')
  const isPlain = parts.every((part) => !part.startsWith('.') && !/[\0\\]/.test(part))
  return isPlain ? parts.join('/') : undefined
}

async function readIfThere(root: string, path: string): Promise<Buffer | undefined> {
  // A link in there may lead anywhere: what counts is where the file really is.
  const [inside, file] = await Promise.all([realpath(root), realpath(join(root, path))]).catch(() => [])
  if (inside === undefined || file === undefined || !file.startsWith(inside + sep)) return undefined
  return (await stat(file)).isFile() ? await readFile(file) : undefined
}

function fileResponse(request: Request, content: Buffer, type: string, caching: string): Response {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`
  const headers = { 'Content-Type': type, 'Cache-Control': caching, ETag: etag }
  const known = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  if (known?.includes(etag) === true) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(content), { headers })
}
