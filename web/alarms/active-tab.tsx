import type { Alarm } from '../../src/api/contract.ts'
import { listActiveAlarms } from '../api/alarms.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLive } from '../live/use-live.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { ALARM_COLUMNS } from './alarm-columns.tsx'

const COLUMNS = ALARM_COLUMNS.filter(({ id }) => id !== 'lasted')

/** What fires or is about to; live. */
export function ActiveTab() {
  const loaded = useLoaded('alarms', listActiveAlarms)
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type === 'alarm') loaded.change((alarms) => withAlarm(alarms, message.alarm))
  })
  return (
    <LoadedView loaded={loaded} what="the alarms">
      {(alarms) =>
        alarms.length === 0 ? (
          <Empty title="All quiet">
            <p>No rule fires or is about to.</p>
          </Empty>
        ) : (
          <DataTable
            id="alarms"
            label="Active alarms"
            rows={alarms}
            keyOf={({ id }) => String(id)}
            columns={COLUMNS}
            sort={{ column: 'since', descending: true }}
            isRoomy
          />
        )
      }
    </LoadedView>
  )
}

function withAlarm(alarms: readonly Alarm[], alarm: Alarm): readonly Alarm[] {
  const others = alarms.filter(({ id }) => id !== alarm.id)
  return alarm.state === 'resolved' ? others : [...others, alarm]
}
