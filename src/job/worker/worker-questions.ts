import type { AuditEntry } from '../../model/audit-entry.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { RecordLimits } from '../../model/record-limits.ts'
import { errorOf } from '../error-report.ts'
import type { SupervisorMessage, WorkerMessage } from './worker-messages.ts'

type Answer = Extract<SupervisorMessage, { readonly type: 'answer' }>

const TIMEOUT_MS = 60_000

/** What a worker asks its supervisor for about records that the target refuses. Rejects when there is no answer in time. */
export class WorkerQuestions {
  readonly #send: (message: WorkerMessage) => void
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #nextId = 0

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send
  }

  /** Resolves when the audit trail has the entries. */
  async audit(entries: readonly AuditEntry[]): Promise<void> {
    await this.#ask((id) => ({ type: 'audit', id, entries }))
  }

  /** Of target topics, as they are now. */
  async limitsOf(topics: readonly string[]): Promise<ReadonlyMap<string, RecordLimits>> {
    const { limits = {} } = await this.#ask((id) => ({ type: 'limits', id, topics }))
    return new Map(Object.entries(limits))
  }

  answered(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }

  async #ask(question: (id: number) => WorkerMessage): Promise<Answer> {
    const id = this.#nextId++
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(noAnswer())
      }, TIMEOUT_MS)
      this.#waiting.set(id, (given) => {
        clearTimeout(timer)
        resolve(given)
      })
      this.#send(question(id))
    })
    if (answer.error !== undefined) throw errorOf(answer.error)
    return answer
  }
}

function noAnswer(): MillraceError {
  return new MillraceError({
    code: 'MR_NO_ANSWER',
    kind: 'retry',
    message: 'The supervisor did not answer the worker in time.',
    next: 'Nothing: it is asked again. If it lasts, see whether the machine has CPU and the target answers.'
  })
}
