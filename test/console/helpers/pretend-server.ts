import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
export const BUILT_CONSOLE = fileURLToPath(new URL('../../../dist/web/index.html', import.meta.url))
const START_MS = 60_000
const STOP_MS = 10_000

export interface PretendServer {
  readonly port: number
  /** By role. */
  readonly tokens: Readonly<Record<'admin' | 'operate' | 'read', string>>
  stop(): Promise<void>
}

/** The whole API and the built console over a pretended service, in a process of its own. */
export async function startPretendServer(): Promise<PretendServer> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/helpers/serve-pretend.ts', '--port', '0', '--limits', 'none'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }
  )
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }
  let output = ''
  const deadline = setTimeout(() => child.kill('SIGKILL'), START_MS)
  try {
    for await (const chunk of child.stdout) {
      output += String(chunk)
      if (output.includes('\ncurl ')) break
    }
  } finally {
    clearTimeout(deadline)
  }
  // The pipe must not fill up.
  child.stderr.resume()
  const tokens = Object.fromEntries(
    [...output.matchAll(/^(\w+) \S+#token=(\S+)$/gm)].map(([, role, token]) => [role, token])
  )
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(output)?.[1])
  if (!port || !('admin' in tokens)) {
    await stop()
    throw new Error(`the pretended service did not start:\n${output}`)
  }
  return { port, tokens: tokens as PretendServer['tokens'], stop }
}
