import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { runSuccessfully } from '../../test/helpers/run-command.ts'
import { join } from 'node:path'

const SOURCE = fileURLToPath(new URL('link.c', import.meta.url))

export interface LinkQuality {
  /** Of one direction: a round trip takes twice as long. */
  readonly delayMs: number
  /** Of one direction, all connections together; Infinity = no limit. */
  readonly bytesPerSecond: number
  /** What a connection may have on its way, 16 MiB at most: a TCP window. */
  readonly windowBytes: number
}

export const OPEN_LINK: LinkQuality = { delayMs: 0, bytesPerSecond: Infinity, windowBytes: 4 * 1024 * 1024 }

export interface Link {
  readonly port: number
  readonly pid: number
  /** From now on, for connections that are open as well. */
  set(quality: LinkQuality): Promise<void>
  /** Bytes carried since the start. */
  carried(): Promise<{ readonly toTarget: number; readonly back: number }>
  stop(): Promise<void>
}

/** Starts a relay to a port of this machine; it ends with this process at the latest. `directory` keeps the program. */
export async function startLink(directory: string, targetPort: number): Promise<Link> {
  const program = join(directory, 'link')
  await runSuccessfully('cc', ['-O2', '-o', program, SOURCE])
  const child = spawn(program, [String(targetPort)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('the link has ended')
    return line.value
  }
  const ask = async (command: string): Promise<string> => {
    child.stdin.write(`${command}\n`)
    return answer()
  }
  const port = Number(await answer())
  const set = async ({ delayMs, bytesPerSecond, windowBytes }: LinkQuality): Promise<void> => {
    const rate = Number.isFinite(bytesPerSecond) ? Math.round(bytesPerSecond) : 0
    await ask(`set ${Math.round(delayMs * 1000)} ${rate} ${windowBytes}`)
  }
  await set(OPEN_LINK)
  return {
    port,
    pid: child.pid ?? -1,
    set,
    async carried() {
      const [toTarget, back] = (await ask('stats')).split(' ').map(Number)
      return { toTarget: toTarget ?? 0, back: back ?? 0 }
    },
    async stop() {
      child.stdin.end()
      await exit
    }
  }
}
