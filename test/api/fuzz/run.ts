import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onceInCache } from '../../helpers/once-in-cache.ts'
import { openPretend } from '../../helpers/open-pretend.ts'
import { runSuccessfully } from '../../helpers/run-command.ts'

// npm run test:api-fuzz [-- SECONDS]
// Requests made of the OpenAPI document, right and wrong ones, against the API over a pretended service: none may end
// with 500, and every answer is as the document says. /stream never ends, so it has tests of its own.

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))
const INSTALL_TIMEOUT_MS = 300_000
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method'
]
const seconds = Number(process.argv[2] ?? 120)

const hash = createHash('sha256').update(await readFile(REQUIREMENTS))
const python = await onceInCache(`api-fuzz-${hash.digest('hex').slice(0, 12)}`, async (temporary) => {
  await runSuccessfully('python3', ['-m', 'venv', temporary])
  const pip = ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]
  await runSuccessfully(join(temporary, 'bin', 'python'), pip, { timeoutMs: INSTALL_TIMEOUT_MS })
})

const directory = await mkdtemp(join(tmpdir(), 'millrace-fuzz-'))
await using open = await openPretend()
const { asked, url } = open
const document = join(directory, 'openapi.json')
await writeFile(document, JSON.stringify(asked.api.document))
const child = await runInBackground()
await rm(directory, { recursive: true, force: true })
if (asked.unexpected.length > 0) console.error('The service did not expect:', ...asked.unexpected)
process.exitCode = child === 0 && asked.unexpected.length === 0 ? 0 : 1

/** The API lives in this process, so nothing may block it. */
async function runInBackground(): Promise<number> {
  const target = ['run', document, '--url', `${url}/api/v1`, '--header', `Authorization: Bearer ${asked.secrets.admin}`]
  const what = ['--exclude-path', '/stream', '--phases', 'coverage,fuzzing', '--checks', CHECKS.join(',')]
  const how = ['--workers=1', `--max-time=${seconds}`, '--continue-on-failure', '--no-color', '--warnings=off']
  // By its module: the script beside python names the directory in which it was installed, which is another one now.
  const args = ['-m', 'schemathesis.cli', ...target, ...what, ...how]
  const run = spawn(join(python, 'bin', 'python'), args, { cwd: directory, stdio: 'inherit' })
  return await new Promise<number>((resolve, reject) => {
    run.on('error', reject)
    run.on('exit', (code) => resolve(code ?? 1))
  })
}
