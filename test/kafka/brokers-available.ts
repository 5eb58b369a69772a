import { runCommand } from '../helpers/run-command.ts'

export type BrokersAvailable = { readonly available: true } | { readonly available: false; readonly reason: string }

let answer: Promise<BrokersAvailable> | undefined

/**
 * Can this machine run real brokers and the checker? In CI (`CI=true`) the answer "no" is an error: there, a skipped test would pass for a
 * tested one.
 */
export function brokersAvailable(): Promise<BrokersAvailable> {
  answer ??= probe()
  return answer
}

async function probe(): Promise<BrokersAvailable> {
  const missing: string[] = []
  for (const [command, version] of [
    ['java', '-version'],
    ['mvn', '-version'],
    ['python3', '--version'],
    ['openssl', 'version']
  ] as const) {
    const found = await runCommand(command, [version]).then(
      ({ exitCode }) => exitCode === 0,
      () => false
    )
    if (!found) missing.push(command)
  }
  if (missing.length === 0) return { available: true }
  const reason = `not installed: ${missing.join(', ')}`
  if (process.env['CI'] === 'true') throw new Error(`CI has to run the tests on real brokers; ${reason}`)
  return { available: false, reason }
}
