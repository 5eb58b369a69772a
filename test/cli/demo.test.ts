import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { JobSummary } from '../../src/job/job-types.ts'
import type { Verification } from '../../src/verify/verify-types.ts'

// The whole chain in one command, workers included: clusters, supervisor, worker process, addon, comparison.

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LIMIT_MS = 90_000

function startDemo() {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'demo', '-v', '-o', 'json'], {
    cwd: ROOT,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL'
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const workerPid = async (): Promise<number> => {
    for (;;) {
      const pid = /Worker 0 started \(process (\d+)\)/.exec(output.stderr)?.[1]
      if (pid !== undefined) return Number(pid)
      if (child.exitCode !== null) throw new Error(output.stderr)
      await pause(20)
    }
  }
  return { child, output, exit, workerPid }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the demo', () => {
  it(
    'mirrors a few hundred thousand records between two clusters and finds no difference',
    { timeout: LIMIT_MS },
    async () => {
      const { output, exit } = startDemo()
      expect(await exit, output.stderr).toBe(0)
      const summary = JSON.parse(output.stdout) as JobSummary & { verification: Verification }
      expect(summary).toMatchObject({
        state: 'COMPLETED',
        altered: 0,
        verification: { equal: true, records: summary.records }
      })
      expect(summary.records).toBeGreaterThan(300_000)
      expect(summary.partitions).toHaveLength(24)
      expect(output.stderr).toContain('No difference')
    }
  )

  it('ends with 130 when it is interrupted, and leaves no worker behind', { timeout: LIMIT_MS }, async () => {
    const { child, output, exit, workerPid } = startDemo()
    const pid = await workerPid()
    child.kill('SIGINT')
    expect(await exit, output.stderr).toBe(130)
    expect(JSON.parse(output.stdout)).toMatchObject({ state: 'STOPPED' })
    expect(isRunning(pid)).toBe(false)
  })

  it('takes its worker with it when it is killed', { timeout: LIMIT_MS }, async () => {
    const { child, exit, workerPid } = startDemo()
    const pid = await workerPid()
    child.kill('SIGKILL')
    await exit
    const deadline = Date.now() + 15_000
    while (isRunning(pid) && Date.now() < deadline) await pause(50)
    expect(isRunning(pid)).toBe(false)
  })
})
