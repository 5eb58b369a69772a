import type { AuditEntry } from '../../model/audit-entry.ts'
import { plural } from '../../model/format-quantities.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { DeliveredRuns } from '../../model/offset-pairs.ts'
import type { RecordLimits } from '../../model/record-limits.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { PreparedPartition } from '../../pipeline/types.ts'
import { errorOf, errorReport } from '../error-report.ts'
import type { SupervisorMessage, WorkerMessage } from './worker-messages.ts'

type Reply<Type> = Extract<SupervisorMessage, { readonly type: Type }>
type Answer = Reply<'answer'> | Reply<'prepared'>

const TIMEOUT_MS = 60_000
/** The supervisor goes on trying while a cluster is away. */
const PREPARE_TIMEOUT_MS = 10 * 60_000
/** A commit waits no longer: what was sent is kept a little later. */
const PAIRS_TIMEOUT_MS = 1000

/** What a worker asks its supervisor. Rejects when there is no answer in time. */
export class WorkerQuestions {
  readonly #send: (message: WorkerMessage) => void
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #nextId = 0
  #isEnded = false

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send
  }

  /** Where to begin, where to end and where to, of partitions that the worker was given. */
  async prepare(partitions: readonly TopicPartition[]): Promise<readonly PreparedPartition[]> {
    const question = (id: number): WorkerMessage => ({ type: 'prepare', id, partitions })
    const answer = await this.#ask(question, PREPARE_TIMEOUT_MS, () => notPrepared(partitions.length))
    return answer.type === 'prepared' ? answer.partitions : []
  }

  /** Resolves when the audit trail has the entries. */
  async audit(entries: readonly AuditEntry[]): Promise<void> {
    await this.#ask((id) => ({ type: 'audit', id, entries }))
  }

  /** Of target topics, as they are now. */
  async limitsOf(topics: readonly string[]): Promise<ReadonlyMap<string, RecordLimits>> {
    const answer = await this.#ask((id) => ({ type: 'limits', id, topics }))
    return new Map(answer.type === 'answer' ? Object.entries(answer.limits ?? {}) : [])
  }

  /** Rejects soon when there is no supervisor, or it takes too long. */
  async keepPairs(delivered: readonly DeliveredRuns[]): Promise<void> {
    await this.#ask((id) => ({ type: 'pairs', id, delivered }), PAIRS_TIMEOUT_MS)
  }

  /** Nobody will answer any more. */
  end(): void {
    this.#isEnded = true
    for (const id of this.#waiting.keys()) this.answered({ type: 'answer', id, error: errorReport(noAnswer()) })
  }

  answered(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }

  async #ask(question: (id: number) => WorkerMessage, timeoutMs = TIMEOUT_MS, late = noAnswer): Promise<Answer> {
    if (this.#isEnded) throw late()
    const id = this.#nextId++
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(late())
      }, timeoutMs)
      this.#waiting.set(id, (given) => {
        clearTimeout(timer)
        resolve(given)
      })
      this.#send(question(id))
    })
    if (answer.type === 'answer' && answer.error !== undefined) throw errorOf(answer.error)
    return answer
  }
}

function notPrepared(partitions: number): MillraceError {
  return new MillraceError({
    code: 'MR_PREPARE_TIMEOUT',
    kind: 'retry',
    message: `The supervisor did not prepare ${plural(partitions, 'partition')} in time.`,
    next: 'Look at the state of both clusters. The worker starts again.'
  })
}

function noAnswer(): MillraceError {
  return new MillraceError({
    code: 'MR_NO_ANSWER',
    kind: 'retry',
    message: 'The supervisor did not answer the worker in time.',
    next: 'Nothing: it is asked again. If it lasts, see whether the machine has CPU and the target answers.'
  })
}
