import { listPastAlarms } from '../api/alarms.ts'
import { OlderButton } from '../job/older-button.tsx'
import { usePages } from '../job/use-pages.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { ALARM_COLUMNS } from './alarm-columns.tsx'

export function HistoryTab() {
  const { loaded, older } = usePages('alarm history', listPastAlarms)
  return (
    <LoadedView loaded={loaded} what="the history">
      {({ items, total, nextCursor }) =>
        items.length === 0 ? (
          <Empty title="No alarm has fired yet">
            <p>Alarms that have fired are listed here with how long they lasted and who was told.</p>
          </Empty>
        ) : (
          <div class="stack">
            <div>
              <DataTable
                id="alarm-history"
                label="Past alarms"
                rows={items}
                keyOf={({ id }) => String(id)}
                columns={ALARM_COLUMNS}
                sort={{ column: 'since', descending: true }}
                isRoomy
                {...(total !== null && { total })}
              />
            </div>
            <OlderButton older={older} isMore={nextCursor !== null} />
          </div>
        )
      }
    </LoadedView>
  )
}
