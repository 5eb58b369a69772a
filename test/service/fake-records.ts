import type { AlarmsPort, PageRequest } from '../../src/service/service-port.ts'
import type { AuditLogEntry, JobFigures, JobLifecycleState, Reason } from '../../src/api/contract.ts'
import type { JobTelling, OpenRecords, RecordsOptions, Records } from '../../src/service/record/records.ts'

/** The recording side of a service under test: keeps in memory what it is told. */
export class FakeRecords {
  readonly audits: Omit<AuditLogEntry, 'id' | 'at'>[] = []
  readonly entered: { readonly job: string; readonly state: JobLifecycleState; readonly reason: Reason | null }[] = []
  readonly told: JobTelling[] = []
  readonly measured: JobFigures[] = []
  readonly opened = new Set<string>()
  options: RecordsOptions | undefined

  get open(): OpenRecords {
    return async (options) => {
      this.options = options
      return await Promise.resolve(this.#records())
    }
  }

  /** The states that a job went through. */
  statesOf(job: string): JobLifecycleState[] {
    return this.entered.filter((one) => one.job === job).map(({ state }) => state)
  }

  #records(): Records {
    const nothing = async (): Promise<never> => await Promise.reject(new Error('not recorded in this test'))
    return {
      jobs: {
        open: async ({ name }) => {
          this.opened.add(name)
          await Promise.resolve()
        },
        forget: async (job) => {
          this.opened.delete(job)
          await Promise.resolve()
        },
        measured: (_job, _at, figures) => void this.measured.push(figures),
        entered: (job, _at, state, reason) => void this.entered.push({ job, state, reason }),
        told: (_job, telling) => void this.told.push(telling),
        changed: () => undefined,
        sparkline: () => [],
        history: nothing,
        events: nothing,
        logs: nothing,
        notCopied: nothing
      },
      audit: {
        write: async (entry) => {
          this.audits.push(entry)
          await Promise.resolve()
        },
        read: async (_request: PageRequest) => {
          const items = this.audits.map((entry, id) => ({ ...entry, id, at: 0 }))
          return await Promise.resolve({ items, total: items.length, nextCursor: null })
        }
      },
      alarms: {} as AlarmsPort,
      firing: () => [],
      // eslint-disable-next-line require-yield -- nothing is streamed here
      stream: async function* () {
        await Promise.resolve()
      },
      reasons: () => [],
      healthChanged: () => undefined,
      close: async () => await Promise.resolve()
    }
  }
}
