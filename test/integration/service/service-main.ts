import type { createService as create, Service } from '../../../src/service/create-service.ts'

/*
 * A job service as it was built, in a process of its own, for tests that kill it. Asked over IPC: see `remote-service.ts`.
 */

const built = new URL('../../../dist/service/create-service.js', import.meta.url).href
const { createService } = (await import(built)) as { readonly createService: typeof create }
// What runs TypeScript here is no business of the processes that the service starts.
process.execArgv = []

const [dataDirectory = ''] = process.argv.slice(2)

try {
  const service = await createService({ dataDirectory })
  process.on('message', (message) => void answer(service, message as Asked))
  process.on('disconnect', () => process.exit(0))
  process.send?.({ ready: true })
} catch (error) {
  process.send?.({ failed: plain(error) })
  process.disconnect()
}

interface Asked {
  readonly id: number
  readonly part: 'connections' | 'jobs' | 'service'
  readonly method: string
  readonly args: readonly unknown[]
}

async function answer(service: Service, { id, part, method, args }: Asked): Promise<void> {
  const on = (part === 'service' ? service : service[part]) as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >
  try {
    process.send?.({ id, result: (await on[method]?.call(on, ...args)) ?? null })
  } catch (error) {
    process.send?.({ id, error: plain(error) })
  }
}

function plain(error: unknown): object {
  const { code, message, stack } = error as Error & { code?: string }
  return { code, message, stack }
}
