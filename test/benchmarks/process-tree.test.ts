import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ProcessTree } from '../../benchmarks/harness/process-tree.ts'

describe.runIf(process.platform === 'linux')('the time and memory of a tree of processes', () => {
  test('a child of the child counts, and goes on counting when it has ended', async () => {
    // The shell waits; all work and memory is that of its child, half a second of it.
    const burn = 'const b = Buffer.alloc(150e6, 1); while (process.cpuUsage().user < 6e5); process.exit(b[0] - 1)'
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" -e '${burn}'; read line`], {
      stdio: ['pipe', 'ignore', 'ignore']
    })
    const tree = new ProcessTree(shell.pid ?? 0)
    let peak = 0
    let seen = 0
    const deadline = Date.now() + 20_000
    do {
      await sleep(50)
      const { cpuSeconds, rssBytes } = tree.sample(performance.now())
      peak = Math.max(peak, rssBytes)
      seen = cpuSeconds
      // Burnt, and gone: what is resident now is the shell alone.
      if (seen > 0.3 && rssBytes < 100e6) break
    } while (Date.now() < deadline)
    shell.stdin.end('\n')
    await once(shell, 'exit')
    expect(peak).toBeGreaterThan(150e6)
    expect(seen).toBeGreaterThan(0.3)
    expect(tree.sample(performance.now())).toEqual({ cpuSeconds: seen, rssBytes: 0 })
  }, 30_000)
})
