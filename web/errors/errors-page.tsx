import { useEffect, useRef } from 'preact/hooks'
import markdown from '../../docs/errors.md?raw'
import { Empty } from '../parts/view-states.tsx'
import { Page } from '../parts/page.tsx'
import { readErrorsTable } from './read-errors-table.ts'

const ENTRIES = readErrorsTable(markdown)

/** docs/errors.md of this version: what each code means and what to do. */
export function ErrorsPage({ code }: { readonly code?: string }) {
  const entries = code === undefined ? ENTRIES : ENTRIES.filter((entry) => entry.code === code)
  const list = useRef<HTMLDListElement>(null)
  useEffect(() => list.current?.focus(), [code])
  return (
    <Page
      title={code ?? 'Error codes'}
      {...(code !== undefined && { above: { href: '/errors', title: 'Error codes' } })}
    >
      {entries.length === 0 && (
        <Empty title="Not a code of this version">
          <p>It may come from another version of the service.</p>
        </Empty>
      )}
      <dl class="error-codes" ref={list} tabIndex={-1}>
        {entries.map((entry) => (
          <div key={entry.code}>
            {code === undefined && (
              <dt>
                <a href={`/errors/${entry.code}`}>
                  <code>{entry.code}</code>
                </a>
              </dt>
            )}
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
    </Page>
  )
}

function WithCode({ text }: { readonly text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
}
