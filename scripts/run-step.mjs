import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A program that npm installed. */
export function installed(name) {
  return join(ROOT, 'node_modules', '.bin', name)
}

/**
 * Runs a command in the project's root and passes its output on. A command that is still running after `minutes` is ended together with
 * what it started. Resolves with the exit code, or undefined where the program does not exist. `onOutput` sees standard output too.
 */
export function runStep(command, args, { minutes = 5, env = {}, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', onOutput ? 'pipe' : 'inherit', 'inherit'],
      // A group of its own, so that a time-out reaches the grandchildren.
      detached: true
    })
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk)
      onOutput(chunk)
    })
    const kill = (signal) => {
      try {
        process.kill(-child.pid, signal)
      } catch {
        // It has ended in the meantime.
      }
    }
    const timer = setTimeout(() => {
      console.error(`${command} ${args.join(' ')}: still running after ${minutes} minutes`)
      kill('SIGKILL')
    }, minutes * 60_000)
    const stop = (signal) => {
      kill('SIGKILL')
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    const settle = (code) => {
      clearTimeout(timer)
      process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
      resolve(code)
    }
    child.once('error', (error) => settle(error.code === 'ENOENT' ? undefined : 1))
    child.once('close', (code) => settle(code ?? 1))
  })
}
