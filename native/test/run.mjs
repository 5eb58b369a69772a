import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Runs every test file (or those whose name contains an argument), each in a process of its own, so that a crash is
 * one failure. The last line counts: `N passed, N failed, N skipped`.
 */

const folder = dirname(fileURLToPath(import.meta.url))
const wanted = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort()

/** @param {string} file @returns {Promise<number[]>} */
function runFile(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', join(folder, file)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      process.stdout.write(chunk)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), 300_000)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output)?.slice(1).map(Number)
      const crashed = counts === undefined || (code !== 0 && counts[1] === 0)
      if (crashed) console.log(`FAILED  ${file} ended with ${signal ?? code}`)
      const [passed = 0, failed = 0, skipped = 0] = counts ?? []
      resolve([passed, failed + (crashed ? 1 : 0), skipped])
    })
  })
}

const totals = [0, 0, 0]
for (const file of files) {
  console.log(`\n${file}`)
  const counts = await runFile(file)
  for (const i of totals.keys()) totals[i] += counts[i] ?? 0
}
console.log(`\n${totals[0]} passed, ${totals[1]} failed, ${totals[2]} skipped`)
process.exitCode = totals[1] === 0 && totals[0] > 0 ? 0 : 1
