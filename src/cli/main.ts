#!/usr/bin/env node
import type { CommandContext, StopSignal } from './command-context.ts'
import { runCommandLine } from './command-line.ts'
import { reportError } from './report-error.ts'

const { stdout, stderr, env } = process

/** Whoever read the output has gone (`millrace plan job.yaml | head`): nobody has to be told. */
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const fail = (error: unknown): void => {
  const color = stderr.isTTY && (env['NO_COLOR'] ?? '') === ''
  stderr.write(reportError(error, { color, verbose: /^(?:-v|--verbose)$/m.test(process.argv.join('\n')) }))
  process.exit(1)
}
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)

const context: CommandContext = {
  stdout,
  stderr,
  env,
  cwd: process.cwd(),
  onSignal(listener) {
    const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']
    const listeners = signals.map((signal) => [signal, () => listener(signal)] as const)
    for (const [signal, heard] of listeners) process.on(signal, heard)
    return () => {
      for (const [signal, heard] of listeners) process.off(signal, heard)
    }
  },
  onLevelSignal(listener) {
    process.on('SIGUSR2', listener)
    return () => void process.off('SIGUSR2', listener)
  }
}

const exitCode = await runCommandLine(process.argv.slice(2), context)
// What is still on its way through a pipe goes out first; nothing that a library left running may keep the process.
await Promise.all(
  [stdout, stderr].map((stream) => new Promise<void>((resolve) => void stream.write('', () => resolve())))
)
process.exit(exitCode)
