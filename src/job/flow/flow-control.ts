import { MillraceError } from '../../model/millrace-error.ts'
import { NOTHING_PAUSED, pause, resume, type Pauses, type PauseTarget } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { JobEvent } from '../../telemetry/events.ts'
import type { Flow } from './flow.ts'
import type { JobControl, JobStatus, RateChange } from '../control/job-control.ts'
import type { JobSnapshot } from '../job-types.ts'
import { jobStatus } from '../control/job-status.ts'

export interface FlowControlOptions {
  readonly rate: Rate
  /** Absent = nothing. What the job does not have does no harm: it may come. */
  readonly pauses?: Pauses | undefined
  readonly snapshot: () => JobSnapshot
  /** All that the job is to copy, as far as it is known now. */
  readonly planned: () => readonly TopicPartition[]
  readonly onChange: (flow: Flow) => void
  readonly onEvent: (event: JobEvent) => void
}

/**
 * How fast a job copies, and what not at all, as its users want it now.
 *
 * Invariant: every change is told to `onChange` before the call returns. Nothing of it outlives the process: whoever
 * starts the job again says what was paused.
 */
export class FlowControl implements JobControl {
  readonly #options: FlowControlOptions
  #flow: Flow

  constructor(options: FlowControlOptions) {
    this.#options = options
    this.#flow = { rate: options.rate, pauses: options.pauses ?? NOTHING_PAUSED }
  }

  get flow(): Flow {
    return this.#flow
  }

  status(): JobStatus {
    return jobStatus(this.#options.snapshot())
  }

  changeRate(change: RateChange): Rate {
    const { rate } = this.#flow
    const [bytes, records] = [changed(rate.bytes, change.bytes), changed(rate.records, change.records)]
    if (bytes === rate.bytes && records === rate.records) return rate
    const next: Rate = { ...(bytes !== undefined && { bytes }), ...(records !== undefined && { records }) }
    this.#set({ ...this.#flow, rate: next })
    this.#options.onEvent({ type: 'rate-changed', rate: next })
    return next
  }

  pause(target: PauseTarget): Pauses {
    this.#check(target)
    this.#set({ ...this.#flow, pauses: pause(this.#flow.pauses, target) })
    this.#options.onEvent({ type: 'paused', target })
    return this.#flow.pauses
  }

  resume(target: PauseTarget): Pauses {
    this.#check(target)
    this.#set({ ...this.#flow, pauses: resume(this.#flow.pauses, target) })
    this.#options.onEvent({ type: 'resumed', target })
    return this.#flow.pauses
  }

  #set(flow: Flow): void {
    this.#flow = flow
    this.#options.onChange(flow)
  }

  #check({ topic, partition }: PauseTarget): void {
    if (topic === undefined) return
    const ofTopic = this.#options.planned().filter((one) => one.topic === topic)
    if (partition === undefined ? ofTopic.length > 0 : ofTopic.some((one) => one.partition === partition)) return
    const what = partition === undefined ? `topic ${topic}` : `partition ${partition} of ${topic}`
    throw new MillraceError({
      code: 'MR_CONTROL_TOPIC',
      kind: 'configuration',
      message: `The job does not copy ${what}, as far as it knows now.`,
      next: '`millrace control NAME status` shows what it copies. While it is STARTING it does not know yet.',
      place: { cluster: 'source', topic, ...(partition !== undefined && { partition }) }
    })
  }
}

function changed(now: number | undefined, to: number | null | undefined): number | undefined {
  return to === undefined ? now : (to ?? undefined)
}
