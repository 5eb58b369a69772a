import type { Count } from './event-counters.ts'
import type { JobEvent } from './events.ts'
import { JOB_TELLINGS } from './job-tellings.ts'
import type { Log } from './log/log.ts'
import { MIRROR_TELLINGS } from './mirror-tellings.ts'
import type { Telling } from './telling.ts'

/** Writes an event to the log: one event, one line. */
export function tellEvent(log: Pick<Log, 'log'>, event: JobEvent): void {
  const { told, telling } = tellingOf(event)
  const level = typeof telling.level === 'string' ? telling.level : telling.level(told)
  log.log(level, telling.line(told), { event: told.type, ...telling.attributes(told) })
}

/** What an event counts. */
export function countsOf(event: JobEvent): readonly Count[] {
  const { told, telling } = tellingOf(event)
  return telling.counts?.(told) ?? []
}

/** The tables pair each type with its own telling; a lookup by type can't say so to the compiler. */
function tellingOf(event: JobEvent): { told: { readonly type: string }; telling: Telling<unknown> } {
  if (event.type !== 'mirror') return { told: event, telling: JOB_TELLINGS[event.type] as Telling<unknown> }
  const told = { ...event.event, worker: event.worker }
  return { told, telling: MIRROR_TELLINGS[told.type] as Telling<unknown> }
}
