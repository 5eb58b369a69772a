import address from '../../docs/errors.md?url'
import { noAnswer } from '../api/read-problem.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { Page } from '../parts/page.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { type ErrorEntry, readErrorsTable } from './read-errors-table.ts'

const ALL = { href: '/errors', title: 'Error codes' }

/** docs/errors.md of this version: what each code means and what to do. */
export function ErrorsPage({ code }: { readonly code?: string }) {
  const loaded = useLoaded('errors', async (signal) => {
    const response = await fetch(address, { signal })
    if (!response.ok) throw noAnswer(`status ${String(response.status)}`)
    return readErrorsTable(await response.text())
  })
  return (
    <Page title={code ?? 'Error codes'} {...(code !== undefined && { above: ALL })}>
      <LoadedView loaded={loaded} what="the error codes">
        {(all) => (
          <Entries
            entries={code === undefined ? all : all.filter((entry) => entry.code === code)}
            isList={code === undefined}
          />
        )}
      </LoadedView>
    </Page>
  )
}

function Entries({ entries, isList }: { readonly entries: readonly ErrorEntry[]; readonly isList: boolean }) {
  if (entries.length === 0) {
    return (
      <Empty title="Not a code of this version">
        <p>It may come from another version of the service.</p>
      </Empty>
    )
  }
  return (
    <dl class="error-codes">
      {entries.map((entry) => (
        <div key={entry.code}>
          <dt class={isList ? '' : 'hidden-text'}>
            <a href={`/errors/${entry.code}`}>
              <code>{entry.code}</code>
            </a>
          </dt>
          <dd>
            <WithCode text={entry.meaning} />
          </dd>
          <dd>
            <strong>What to do: </strong>
            <WithCode text={entry.next} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function WithCode({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
}
