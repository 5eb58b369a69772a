import type { JobEventView } from '../../src/api/contract.ts'
import { listEvents } from '../api/jobs.ts'
import { zoneOf } from '../format/times.ts'
import { useLive } from '../live/use-live.ts'
import { Time } from '../parts/figures.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { OlderButton } from './older-button.tsx'
import { usePages } from './use-pages.ts'

/** What happened, the newest first. */
export function EventsTab({ name }: { readonly name: string }) {
  const { loaded, older } = usePages(`events ${name}`, (cursor) => listEvents(name, cursor))
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type === 'event' && message.job === name) {
      loaded.change((page) => ({ ...page, items: newestFirst(message.event, page.items) }))
    }
  })
  return (
    <LoadedView loaded={loaded} what="the events">
      {(page) =>
        page.items.length === 0 ? (
          <Empty title="Nothing has happened yet">
            <p>Starts, stops, restarts of workers, rebalances and changes of state are listed here.</p>
          </Empty>
        ) : (
          <div class="stack">
            <p class="quiet-text">The newest first; times in {zoneOf(Date.now())}.</p>
            <ol class="event-list">
              {page.items.map((event) => (
                <li key={event.id}>
                  <Time at={event.at} zone={false} />
                  <span class={`level-${event.level}`}>{event.level}</span>
                  <code>{event.type}</code>
                  <span class="text">{event.text}</span>
                </li>
              ))}
            </ol>
            <OlderButton older={older} isMore={page.nextCursor !== null} />
          </div>
        )
      }
    </LoadedView>
  )
}

/** An event that is replayed after a break is there already. */
function newestFirst(event: JobEventView, events: readonly JobEventView[]): readonly JobEventView[] {
  return events.some((known) => known.id === event.id) ? events : [event, ...events]
}
