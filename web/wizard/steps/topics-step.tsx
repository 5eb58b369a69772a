import { useMemo } from 'preact/hooks'
import type { ClusterTopic } from '../../../src/api/contract.ts'
import { listTopics } from '../../api/connections.ts'
import { useLoaded } from '../../api/use-loaded.ts'
import { queryParameter } from '../../app/location.ts'
import { plural } from '../../format/plural.ts'
import { EntryList } from '../../forms/entry-list.tsx'
import { Callout, ErrorBox, Findings } from '../../parts/callout.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty, LoadedView, TooMany } from '../../parts/view-states.tsx'
import { entryProblem } from '../logic/check-steps.ts'
import { listAt, textAt } from '../logic/json-path.ts'
import { pickTopic } from '../logic/pick-topic.ts'
import type { StepProps } from '../step-props.ts'
import { topicColumns } from '../topic-columns.tsx'

const MOST = 1000

export function TopicsStep(props: StepProps) {
  const { config, set, wrong, preview } = props
  const include = listAt(config, ['topics', 'include'])
  const exclude = listAt(config, ['topics', 'exclude'])
  const setList = (key: 'include' | 'exclude', entries: readonly string[]) =>
    set(['topics', key], entries.length === 0 ? undefined : entries)
  const plan = include.length > 0 ? preview.plan : undefined
  return (
    <>
      <h2 tabIndex={-1}>Which topics</h2>
      <div class="split">
        <div class="stack">
          <EntryList
            label="Copy"
            entries={include}
            placeholder="orders or /^payments\..+/"
            problemOf={entryProblem}
            wrong={wrong('topics.include')}
            help="Names, and RE2 patterns between slashes. A pattern without ^ and $ must match the whole name. New topics that match are copied, too."
            onEntries={(entries) => setList('include', entries)}
          />
          <EntryList
            label="Except"
            entries={exclude}
            placeholder="/^test-/"
            problemOf={entryProblem}
            wrong={wrong('topics.exclude')}
            help="Wins over what is above. Internal topics are left out unless they are named."
            onEntries={(entries) => setList('exclude', entries)}
          />
          <p class="summary" role="status" aria-busy={preview.isLoading}>
            {include.length === 0
              ? 'Nothing is copied yet.'
              : plan
                ? `${plural(plan.mapping.length, 'topic')} copied${
                    plan.excluded.length > 0 ? `, ${plural(plan.excluded.length, 'topic')} excluded` : ''
                  }.`
                : preview.isLoading
                  ? 'Looking what matches…'
                  : ''}
          </p>
          {plan && plan.excluded.length > 0 && (
            <details>
              <summary>Excluded topics</summary>
              <p class="names">{plan.excluded.slice(0, 200).join(', ')}</p>
            </details>
          )}
          {preview.error && <ErrorBox error={preview.error} retry={preview.refresh} />}
          {plan && <Findings findings={plan.refusals} tone="failed" />}
        </div>
        <SourceTopics {...props} include={include} exclude={exclude} setList={setList} />
      </div>
    </>
  )
}

interface SourceTopicsProps extends StepProps {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly setList: (key: 'include' | 'exclude', entries: readonly string[]) => void
}

/** The topics of the source, each with what becomes of it; a click copies it or leaves it out. */
function SourceTopics({ config, preview, include, exclude, setList }: SourceTopicsProps) {
  const connection = textAt(config, ['source', 'connection'])
  const search = queryParameter('filter')
  const loaded = useLoaded(`topics ${connection} ${search.length > 2 ? search : ''}`, (signal) =>
    connection === ''
      ? Promise.resolve({ items: [] as readonly ClusterTopic[], total: 0, nextCursor: null })
      : listTopics(connection, { limit: MOST, ...(search.length > 2 && { search }) }, signal)
  )
  const plan = include.length > 0 ? preview.plan : undefined
  const copied = useMemo(
    () => new Set(plan ? plan.mapping.map(({ source }) => source) : include.filter((name) => !exclude.includes(name))),
    [plan, include.join(), exclude.join()]
  )
  const excluded = useMemo(() => new Set(plan?.excluded ?? exclude), [plan, exclude.join()])
  if (connection === '') {
    return (
      <Callout
        tone="plain"
        what="The source is written into this configuration, not stored as a connection."
        next="Its topics can't be listed here; the mapping step shows what matches."
      />
    )
  }
  const pick = (topic: string) => {
    const next = pickTopic(topic, copied.has(topic), { include, exclude })
    setList('include', next.include)
    setList('exclude', next.exclude)
  }
  return (
    <LoadedView loaded={loaded} what={`the topics of ${connection}`}>
      {({ items, total }) => (
        <div class="stack">
          <TooMany
            shown={items.length}
            total={total ?? items.length}
            what="topics"
            next="Filter by three letters or more to find others."
          />
          {items.length === 0 && search === '' ? (
            <Empty title={`${connection} has no topics`}>
              <p>A pattern can wait for topics that come later.</p>
            </Empty>
          ) : (
            <div>
              <DataTable
                id="wizard-topics"
                label={`Topics of ${connection}; arrow keys move, Enter copies or leaves out`}
                rows={items}
                keyOf={({ name }) => name}
                columns={topicColumns({ copied, excluded, include, pick })}
                sort={{ column: 'name', descending: false }}
                onOpen={({ name }) => pick(name)}
              />
            </div>
          )}
        </div>
      )}
    </LoadedView>
  )
}
