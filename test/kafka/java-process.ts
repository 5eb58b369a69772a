import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

const LEASH = fileURLToPath(new URL('leash.sh', import.meta.url))
const LOG_POLL_MS = 50
// USER_HZ: 100 on every Linux that Node.js supports (proc(5)).
const TICKS_PER_SECOND = 100

export interface JavaCommand {
  readonly name: string
  readonly jvmArgs: readonly string[]
  readonly classpath: string
  readonly mainClass: string
  readonly args: readonly string[]
  /** Removed if we die before the process does. */
  readonly directory: string
  readonly log: string
}

export interface JavaProcess {
  readonly pid: number
  exited(): boolean
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL at the deadline. */
  end(deadlineMs: number): Promise<void>
  /** Resolves once the log that was written since the start matches; rejects when the process ends first or time runs out. */
  logged(pattern: RegExp, deadlineMs: number): Promise<void>
  cpuSeconds(): number
}

export async function startJava(command: JavaCommand): Promise<JavaProcess> {
  const { name, directory, log, jvmArgs, classpath, mainClass, args } = command
  const logStart = await size(log)
  const java = ['java', ...jvmArgs, '-cp', classpath, mainClass, ...args]
  const leash = spawn(LEASH, [directory, log, ...java], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C reaches us alone, and we decide what ends when.
    detached: true
  })
  let gone = false
  const exit = once(leash, 'exit').then(() => (gone = true))
  const [pidLine] = (await once(leash.stdio[3] as Readable, 'data')) as [Buffer]
  const pid = Number(pidLine.toString())
  leash.unref()

  const kill = (signal: NodeJS.Signals): void => {
    if (gone) return
    try {
      process.kill(pid, signal)
    } catch (error) {
      // It has died already; its leash is about to say so.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  return {
    pid,
    kill,
    exited: () => gone,
    async end(deadlineMs) {
      if (gone) return
      leash.ref()
      kill('SIGTERM')
      const force = setTimeout(() => kill('SIGKILL'), deadlineMs)
      await exit
      clearTimeout(force)
    },
    async logged(pattern, deadlineMs) {
      const deadline = Date.now() + deadlineMs
      for (;;) {
        const text = (await readFile(log)).subarray(logStart).toString()
        if (pattern.test(text)) return
        if (gone || Date.now() > deadline) {
          const why = gone ? 'ended while starting' : `was not ready after ${deadlineMs} ms`
          throw new Error(`${name} ${why}; the end of its log:\n${complaints(text)}`)
        }
        await sleep(LOG_POLL_MS)
      }
    },
    cpuSeconds() {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The second field is the name in parentheses and may hold spaces; utime and stime are fields 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    }
  }
}

/** Errors with the start of their stack traces, or else the last lines: shutting down is long-winded. */
function complaints(text: string): string {
  const lines = text.split('\n')
  const bad = lines.flatMap((line, index) =>
    / (ERROR|FATAL) |Exception/.test(line) ? lines.slice(index, index + 3) : []
  )
  return (bad.length > 0 ? bad.slice(0, 30) : lines.slice(-30)).join('\n')
}

async function size(path: string): Promise<number> {
  const file = await open(path, 'a')
  try {
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}
