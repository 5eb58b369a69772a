import { useState } from 'preact/hooks'
import type { AlarmRule } from '../../src/api/contract.ts'
import { deleteRule, putRule } from '../api/alarms.ts'
import { may } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import type { Loaded } from '../api/use-loaded.ts'
import { setQueryParameter } from '../app/location.ts'
import { ErrorBox } from '../parts/callout.tsx'
import type { Column } from '../parts/column.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { EditLink } from '../parts/edit-link.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { SeverityMark } from './alarm-columns.tsx'
import { conditionWords } from './rule-words.ts'
import { TestDialog } from './test-dialog.tsx'

const COLUMNS: readonly Column<AlarmRule>[] = [
  {
    id: 'title',
    title: 'Rule',
    value: ({ title }) => title,
    cell: (rule) => (
      <span class="two-lines">
        <EditLink href={`/alarms/rules?edit=${encodeURIComponent(rule.id)}`} needs="operate">
          {rule.title}
        </EditLink>
        <small>{conditionWords(rule)}</small>
      </span>
    )
  },
  {
    id: 'state',
    title: 'State',
    value: ({ enabled, firing }) => (enabled ? firing : -1),
    isUnfiltered: true,
    cell: ({ enabled, firing }) =>
      !enabled ? (
        <Mark word="off" tone="paused" shape="bars" />
      ) : firing > 0 ? (
        <Mark word={`${String(firing)} firing`} tone="failed" shape="dot" />
      ) : (
        <Mark word="quiet" tone="running" shape="check" />
      ),
    width: 110
  },
  {
    id: 'severity',
    title: 'Severity',
    isWideOnly: true,
    value: ({ severity }) => severity,
    cell: SeverityMark,
    width: 110
  },
  {
    id: 'jobs',
    title: 'Jobs',
    isWideOnly: true,
    value: ({ jobs }) => (jobs.length === 0 ? 'all' : jobs.join(', ')),
    width: 180
  },
  {
    id: 'notify',
    title: 'Tells',
    isWideOnly: true,
    value: ({ notify }) => notify.join(', '),
    cell: ({ notify }) =>
      notify.length === 0 ? <span class="tone-degraded">nobody</span> : <span>{notify.join(', ')}</span>,
    width: 160
  }
]

export function RulesTab({ rules }: { readonly rules: Loaded<readonly AlarmRule[]> }) {
  const [tested, setTested] = useState<AlarmRule | undefined>(undefined)
  const [deleted, setDeleted] = useState<AlarmRule | undefined>(undefined)
  const toggle = useAction(async ({ id, revision, firing: _firing, ...rule }: AlarmRule) => {
    await putRule(id, { ...rule, enabled: !rule.enabled }, { ifRevision: revision })
    rules.reload()
  })
  return (
    <>
      {toggle.error && <ErrorBox error={toggle.error} />}
      <LoadedView loaded={rules} what="the rules">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No rules yet">
              <p>A rule says when somebody should look at a job. There are presets to begin with.</p>
            </Empty>
          ) : (
            <DataTable
              id="alarm-rules"
              label="Rules"
              rows={rows}
              keyOf={({ id }) => id}
              columns={COLUMNS}
              sort={{ column: 'title', descending: false }}
              isRoomy
              onOpen={({ id }) => may('operate') && setQueryParameter('edit', id)}
              {...(may('operate') && {
                buttons: {
                  width: 108,
                  of: (rule: AlarmRule) => (
                    <>
                      <button type="button" class="quiet small" onClick={() => setTested(rule)}>
                        Test
                      </button>
                      <Menu
                        label={`More for ${rule.title}`}
                        class="bare icon-only small"
                        items={[
                          { label: 'Edit', run: () => setQueryParameter('edit', rule.id) },
                          { label: rule.enabled ? 'Switch off' : 'Switch on', run: () => void toggle.run(rule) },
                          'separator',
                          { label: 'Delete', isDangerous: true, run: () => setDeleted(rule) }
                        ]}
                      >
                        <Icon name="more" />
                      </Menu>
                    </>
                  )
                }
              })}
            />
          )
        }
      </LoadedView>
      {tested && <TestDialog rule={tested} onClose={() => setTested(undefined)} />}
      {deleted && (
        <ConfirmDialog
          title={`Delete “${deleted.title}”?`}
          verb="Delete rule"
          isDangerous
          onClose={() => setDeleted(undefined)}
          onConfirm={async () => {
            await deleteRule(deleted.id, deleted.revision)
            rules.reload()
          }}
        >
          Its alarms end; what has fired stays in the history.
        </ConfirmDialog>
      )}
    </>
  )
}
