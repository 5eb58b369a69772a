import type { Alarm, Severity } from '../../src/api/contract.ts'
import { plural } from '../format/plural.ts'
import { jobHref } from '../jobs/job-href.ts'
import type { Column } from '../parts/column.ts'
import { Ago, Duration } from '../parts/figures.tsx'
import { Mark } from '../parts/state-mark.tsx'

/** The severity by word, colour and shape. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return severity === 'critical' ? (
    <Mark word="critical" tone="failed" shape="diamond" />
  ) : (
    <Mark word="warning" tone="degraded" shape="half" />
  )
}

function AlarmState({ state }: { readonly state: Alarm['state'] }) {
  if (state === 'firing') return <Mark word="firing" tone="failed" shape="dot" />
  if (state === 'pending') return <Mark word="pending" tone="moving" shape="ring" />
  return <Mark word="resolved" tone="ended" shape="check" />
}

export const ALARM_COLUMNS: readonly Column<Alarm>[] = [
  {
    id: 'title',
    title: 'Alarm',
    value: ({ title, text }) => `${title} ${text}`,
    cell: ({ title, text }) => (
      <span class="two-lines">
        <strong>{title}</strong>
        <small title={text}>{text}</small>
      </span>
    )
  },
  {
    id: 'job',
    title: 'Job',
    value: ({ job }) => job,
    cell: ({ job }) => <a href={jobHref(job)}>{job}</a>,
    width: 180
  },
  { id: 'state', title: 'State', value: ({ state }) => state, cell: AlarmState, width: 110 },
  {
    id: 'severity',
    title: 'Severity',
    isWideOnly: true,
    value: ({ severity }) => severity,
    cell: SeverityMark,
    width: 110
  },
  {
    id: 'since',
    title: 'Since',
    isWideOnly: true,
    isUnfiltered: true,
    align: 'end',
    value: ({ since }) => since,
    cell: ({ since }) => <Ago at={since} />,
    width: 100
  },
  {
    id: 'lasted',
    title: 'Lasted',
    isWideOnly: true,
    isUnfiltered: true,
    align: 'end',
    value: ({ since, resolvedAt }) => (resolvedAt === null ? null : resolvedAt - since),
    cell: ({ since, resolvedAt }) => <Duration value={resolvedAt === null ? null : resolvedAt - since} />,
    width: 100
  },
  {
    id: 'told',
    title: 'Told',
    help: 'Whether the channels took the notification',
    isWideOnly: true,
    value: ({ notifications }) => notifications.map(({ channel }) => channel).join(' '),
    cell: ({ notifications }) => {
      if (notifications.length === 0) return <span class="nothing">–</span>
      const failed = notifications.filter(({ ok }) => !ok)
      const words = notifications.map(({ channel, detail }) => `${channel}: ${detail}`).join('\n')
      return (
        <span title={words}>
          <Mark
            word={failed.length === 0 ? plural(notifications.length, 'time') : `${String(failed.length)} failed`}
            tone={failed.length === 0 ? 'ended' : 'failed'}
            shape={failed.length === 0 ? 'check' : 'diamond'}
          />
        </span>
      )
    },
    width: 110
  }
]
