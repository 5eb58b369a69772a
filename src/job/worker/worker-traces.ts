import { tellSeldom } from '../../pipeline/tell-seldom.ts'
import { BatchTracer } from '../../telemetry/traces/batch-tracer.ts'
import type { MirrorEvent } from '../../telemetry/events.ts'
import { startTelemetry } from '../../telemetry/start-telemetry.ts'
import { traceSampling } from '../../telemetry/traces/trace-sampling.ts'
import type { TraceSettings, WorkerSettings } from './worker-messages.ts'

/** While everything is slow or fails, the log needs no line a batch: the traces are there all the same. */
const TELL_TRACED_MS = 10_000
/** What is left is sent within this when the worker ends. */
const FLUSH_TIMEOUT_MS = 2000

export interface WorkerTraces {
  readonly tracer: BatchTracer
  /** Sends what is left. Takes no longer than two seconds, whatever the collector does. */
  end(): Promise<void>
}

/** Starts tracing in a worker; the OpenTelemetry SDK is loaded by this. */
export async function startWorkerTraces(
  settings: TraceSettings,
  worker: Pick<WorkerSettings, 'job' | 'index' | 'groupId'>,
  told: { readonly onEvent: (event: MirrorEvent) => void; readonly onProblem: (text: string) => void }
): Promise<WorkerTraces> {
  const { target, sampling, maxLinks, service } = settings
  const telemetry = await startTelemetry({ service, traces: target, onProblem: told.onProblem })
  const isNews = tellSeldom(TELL_TRACED_MS)
  const tracer = new BatchTracer({
    tracer: telemetry.tracer,
    sampling: traceSampling(sampling),
    maxLinks,
    owner: { job: worker.job, worker: worker.index, groupId: worker.groupId },
    onTraced: (event) => {
      if (isNews(event.why)) told.onEvent(event)
    }
  })
  return {
    tracer,
    end: async () => {
      if (tracer.commitsDropped > 0) told.onProblem(`${tracer.commitsDropped} traces were sent without their commit.`)
      await telemetry.shutdown(FLUSH_TIMEOUT_MS)
    }
  }
}
