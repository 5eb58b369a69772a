import { readSupervisorMessage } from './read-message.ts'
import { Worker } from './worker.ts'

/*
 * What a worker's process runs. It lives as long as the supervisor's channel: when that closes, the worker commits what
 * it can at once and ends. Signals are the supervisor's business, who tells the worker to stop.
 */

const ORPHAN_DRAIN_MS = 500
const ORPHAN_LIMIT_MS = 3000
/** Of a message that can't be understood. */
const SHOWN_CHARACTERS = 200

if (process.send === undefined) {
  process.stderr.write('millrace: this is a worker process; start `millrace run` instead\n')
  process.exit(2)
}

const worker = new Worker({
  send: (message) => {
    if (process.connected) process.send?.(message)
  },
  exit: (code) => {
    // Messages on their way to the supervisor are sent before the channel closes.
    if (process.connected) process.disconnect()
    setImmediate(() => process.exit(code))
  }
})

process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('message', (raw) => {
  const message = readSupervisorMessage(raw)
  if (message !== undefined) return worker.receive(message)
  process.stderr.write(
    `the supervisor said what can't be understood: ${JSON.stringify(raw).slice(0, SHOWN_CHARACTERS)}\n`
  )
  process.exit(1)
})
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), ORPHAN_LIMIT_MS).unref()
  void worker.orphaned(ORPHAN_DRAIN_MS)
})
