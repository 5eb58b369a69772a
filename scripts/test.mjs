// npm test: lint, build, native tests and the vitest projects, one after the other; the last line sums them up.
// npm test -- unit: only the named suites; any other word is a filter on test files, as vitest takes it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installed, runStep } from './run-step.mjs'

const words = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'millrace-counts-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

// A filter may leave a project without tests; a project that has lost its tests fails.
const vitest = (project, minutes, env) => (filters) =>
  counted(
    project,
    installed('vitest'),
    ['run', '--project', project, ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : [])],
    minutes,
    env
  )

/** Keeps what the oracle found of each case, and writes it down for people. */
async function faults(filters) {
  const counts = await vitest('faults', 90, { MILLRACE_TEST_FAULT_RESULTS: 'write' })(filters)
  const code = await runStep(installed('tsx'), ['scripts/generate-reliability.ts'])
  return code === 0 ? counts : { ...counts, failed: counts.failed + 1 }
}

const suites = {
  lint: () => counted('lint', process.execPath, ['scripts/lint.mjs'], 10),
  build: () => single('npm', ['run', '--silent', 'build'], 10),
  native: (filters) => (filters.length > 0 ? NOTHING : summed(process.execPath, ['native/test/run.mjs'], 8)),
  unit: vitest('unit', 20),
  contract: vitest('contract', 10),
  integration: vitest('integration', 45),
  smoke: vitest('smoke', 5),
  console: vitest('console', 20),
  faults
}
/** Takes long: only when it is named. */
const ON_REQUEST = ['console', 'faults']

const NOTHING = { passed: 0, failed: 0, skipped: 0 }
const named = words.filter((word) => word in suites)
const filters = words.filter((word) => !(word in suites))
const chosen = named.length > 0 ? named : Object.keys(suites).filter((name) => !ON_REQUEST.includes(name))

const total = { ...NOTHING }
for (const name of Object.keys(suites)) {
  if (!chosen.includes(name)) continue
  console.log(`\n── ${name} ──`)
  const counts = await suites[name](filters)
  for (const key of Object.keys(total)) total[key] += counts[key]
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

/** A runner that leaves its counts in the file it is told; one that fails without counting a failure has failed once. */
async function counted(name, command, args, minutes, env = {}) {
  const file = join(directory, `${name}.json`)
  const code = await runStep(command, args, { minutes, env: { ...env, MILLRACE_TEST_COUNTS: file } })
  if (!existsSync(file)) return { ...NOTHING, failed: 1 }
  const counts = JSON.parse(readFileSync(file, 'utf8'))
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** A runner whose last line is a sum like ours. */
async function summed(command, args, minutes) {
  let output = ''
  const code = await runStep(command, args, { minutes, onOutput: (chunk) => (output = (output + chunk).slice(-1000)) })
  const sum = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output)
  if (!sum) return { ...NOTHING, failed: 1 }
  const [passed, failed, skipped] = sum.slice(1).map(Number)
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped }
}

/** A step that is one test: it works or it does not. */
async function single(command, args, minutes) {
  const code = await runStep(command, args, { minutes })
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 }
}
