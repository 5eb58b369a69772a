// npm run lint: every check runs, whatever the others said; each is reported; the exit code is 1 if any failed.
// npm run lint -- types imports: only the named ones.

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installed, ROOT, runStep } from './run-step.mjs'

const tools = (name, args) => [installed(name), args]
const cppFiles = filesOf('native/src', /\.(cc|h)$/)
const cruised = ['src', 'test', 'benchmarks', 'scripts', 'native', 'web'].filter((folder) =>
  existsSync(join(ROOT, folder))
)

const checks = {
  types: tools('tsc', ['-p', 'tsconfig.json']),
  'types-web': tools('tsc', ['-p', 'web/tsconfig.json']),
  oxlint: tools('oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']),
  prettier: tools('prettier', ['--check', '--log-level', 'warn', '.']),
  imports: tools('depcruise', ['--config', '.dependency-cruiser.cjs', ...cruised]),
  'clang-format': ['clang-format', ['--dry-run', '-Werror', ...cppFiles]],
  knip: tools('knip', ['--no-progress'])
}

const wanted = process.argv.slice(2)
for (const name of wanted) {
  if (!(name in checks)) {
    console.error(`no such check: ${name}; there are ${Object.keys(checks).join(', ')}`)
    process.exit(2)
  }
}

const counts = { passed: 0, failed: 0, skipped: 0 }
for (const [name, [command, args]] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const started = Date.now()
  const code = await runStep(command, args)
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  if (code === 0) {
    counts.passed++
    console.log(`lint ${name}: ok (${seconds} s)`)
  } else if (code === undefined && process.env.CI !== 'true') {
    counts.skipped++
    console.log(`lint ${name}: skipped, ${command} is not installed`)
  } else {
    counts.failed++
    console.log(`lint ${name}: FAILED${code === undefined ? `, ${command} is not installed` : ''}`)
  }
}
if (process.env.MILLRACE_TEST_COUNTS) writeFileSync(process.env.MILLRACE_TEST_COUNTS, JSON.stringify(counts))
process.exitCode = counts.failed > 0 ? 1 : 0

function filesOf(folder, pattern) {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((path) => pattern.test(path))
    .map((path) => join(folder, path))
}
