import type { JobResult } from '../job/job-types.ts'
import type { CommandContext, StopSignal } from './command-context.ts'
import type { RunnableJob } from './job-api.ts'
import type { JobScreen } from './job-view.ts'
import { RateWindow } from './rate-window.ts'
import { watchStopSignals } from './stop-signals.ts'

const FRAME_MS = 500

export interface WatchedRun {
  readonly result: JobResult
  readonly signal: StopSignal | undefined
}

/** Runs a job to its end under the eyes of a user, who is told what signals do by `say`. Closes the screen. */
export async function watchJob(
  job: RunnableJob,
  screen: JobScreen,
  say: (message: string) => void,
  context: CommandContext
): Promise<WatchedRun> {
  const rates = new RateWindow()
  const show = (): void => {
    const snapshot = job.snapshot()
    screen.show({ snapshot, rates: rates.add(performance.now(), snapshot.totals) })
  }
  const signals = watchStopSignals(context, job, say)
  const timer = setInterval(show, FRAME_MS)
  try {
    const result = await job.run()
    return { result, signal: signals.first }
  } finally {
    clearInterval(timer)
    signals.release()
    screen.close()
  }
}
