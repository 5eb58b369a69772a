import { errorReport } from '../../job/error-report.ts'
import { readJobCommand, type JobReport, type JobStart } from './job-messages.ts'
import { HostedJob } from './hosted-job.ts'

/*
 * What the process of a job runs. It lives as long as the service's channel: when that closes, whatever became of the
 * service, the job drains, commits and ends. Signals are the service's business: Ctrl-C reaches the whole group.
 */

/** Beyond the drain deadline of the configuration. */
const END_LIMIT_MS = 15_000
/** Of a message that can't be understood. */
const SHOWN_CHARACTERS = 200

if (process.send === undefined) {
  process.stderr.write('millrace: this is the process of a job; start `millrace serve` or `millrace run` instead\n')
  process.exit(2)
}

let job: HostedJob | undefined
let started = false

process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('message', (raw) => {
  const command = readJobCommand(raw)
  if (command === undefined || (command.type === 'start') === started) {
    process.stderr.write(
      `the service said what can't be understood: ${JSON.stringify(raw).slice(0, SHOWN_CHARACTERS)}\n`
    )
    process.exit(1)
  }
  started = true
  if (command.type === 'start') void run(command.start)
  else job?.obey(command)
})
process.on('disconnect', () => {
  if (job === undefined) process.exit(0)
  setTimeout(() => process.exit(1), job.drainTimeoutMs + END_LIMIT_MS).unref()
  job.obey({ type: 'stop' })
})

async function run(start: JobStart): Promise<void> {
  try {
    job = new HostedJob(start, send)
    await job.run()
  } catch (error) {
    await send({ type: 'ended', end: { state: 'FAILED', error: errorReport(error) } })
  }
  // What is on its way is sent before the channel closes.
  if (process.connected) process.disconnect()
  process.exit(0)
}

/** Resolves when the message is out of this process, or can't be sent any more. */
async function send(report: JobReport): Promise<void> {
  await new Promise<void>((resolve) => {
    if (!process.connected || process.send === undefined) return resolve()
    process.send(report, undefined, undefined, () => resolve())
  })
}
