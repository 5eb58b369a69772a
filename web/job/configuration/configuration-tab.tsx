import { useState } from 'preact/hooks'
import type { Job, Revision } from '../../../src/api/contract.ts'
import { getRevision, listRevisions } from '../../api/jobs.ts'
import { may } from '../../api/session.ts'
import { useLoaded } from '../../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../../app/location.ts'
import { CodeView } from '../../parts/code-view.tsx'
import { copyText } from '../../parts/copy-text.ts'
import { Diff } from '../../parts/diff.tsx'
import { Time } from '../../parts/figures.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadedView } from '../../parts/view-states.tsx'
import { ConfigEditor } from './config-editor.tsx'

/** The newest revision, all revisions with what they changed, and an editor. */
export function ConfigurationTab({ job, put }: { readonly job: Job; readonly put: (job: Job) => void }) {
  const revisions = useLoaded(`revisions ${job.name} ${String(job.revision)}`, () => listRevisions(job.name))
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const isEditing = queryParameter('edit') === '1'
  const canEdit = may('admin') && job.actions.includes('edit')
  const setEditing = (next: boolean) => setQueryParameter('edit', next ? '1' : '')
  if (isEditing && canEdit) return <ConfigEditor job={job} put={put} onClose={() => setEditing(false)} />
  return (
    <div class="config">
      <div class="stack">
        {chosen === undefined ? (
          <section>
            <div class="table-tools">
              <h2>Revision {job.revision}</h2>
              <span class="shown" />
              <button type="button" class="quiet" onClick={() => void copyText(job.config, 'YAML')}>
                <Icon name="copy" />
                Copy YAML
              </button>
              {canEdit && (
                <button type="button" class="quiet" onClick={() => setEditing(true)}>
                  <Icon name="edit" />
                  Edit
                </button>
              )}
            </div>
            <CodeView text={job.config} label={`Configuration, revision ${String(job.revision)}`} />
          </section>
        ) : (
          <RevisionDiff job={job} revision={chosen} onClose={() => setChosen(undefined)} />
        )}
      </div>
      <section aria-labelledby="revisions">
        <div class="table-tools">
          <h2 id="revisions">Revisions</h2>
        </div>
        <LoadedView loaded={revisions} what="the revisions">
          {(list) => <Revisions list={list} running={job.runningRevision} chosen={chosen} choose={setChosen} />}
        </LoadedView>
      </section>
    </div>
  )
}

function Revisions({
  list,
  running,
  chosen,
  choose
}: {
  readonly list: readonly Revision[]
  readonly running: number | null
  readonly chosen: number | undefined
  readonly choose: (revision: number | undefined) => void
}) {
  return (
    <ol class="revisions">
      {list.map(({ revision, at, who, note }) => (
        <li key={revision}>
          <button
            type="button"
            aria-pressed={revision === chosen}
            title="What it changed"
            onClick={() => choose(revision === chosen ? undefined : revision)}
          >
            <span class="row">
              <strong>Revision {revision}</strong>
              {revision === running && <span class="tag">runs</span>}
            </span>
            <span>{note}</span>
            <small class="quiet-text">
              {who}, <Time at={at} />
            </small>
          </button>
        </li>
      ))}
    </ol>
  )
}

function RevisionDiff({
  job,
  revision,
  onClose
}: {
  readonly job: Job
  readonly revision: number
  readonly onClose: () => void
}) {
  const [against, setAgainst] = useState<'before' | 'newest'>('before')
  const other = against === 'newest' ? job.revision : undefined
  const loaded = useLoaded(`revision ${job.name} ${String(revision)} ${against}`, () =>
    getRevision(job.name, revision, other)
  )
  return (
    <section class="stack">
      <div class="table-tools">
        <h2>Revision {revision}</h2>
        <select
          aria-label="Compared with"
          value={against}
          onChange={(event) => setAgainst(event.currentTarget.value === 'newest' ? 'newest' : 'before')}
        >
          <option value="before">against the one before</option>
          <option value="newest">against the newest</option>
        </select>
        <span class="shown" />
        <button type="button" class="quiet" onClick={onClose}>
          Show the newest
        </button>
      </div>
      <LoadedView loaded={loaded} what="the revision">
        {(view) => (
          <>
            <Diff text={view.diff} />
            <details>
              <summary>Whole configuration of revision {revision}</summary>
              <CodeView text={view.config} label={`Configuration, revision ${String(revision)}`} />
            </details>
          </>
        )}
      </LoadedView>
    </section>
  )
}
