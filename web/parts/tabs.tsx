import { useEffect, useRef } from 'preact/hooks'
import { formatCount } from '../format/numbers.ts'

export interface Tab {
  readonly href: string
  readonly label: string
  readonly isCurrent: boolean
  readonly count?: number | undefined
}

/** Parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const list = useRef<HTMLElement>(null)
  const current = tabs.findIndex((tab) => tab.isCurrent)
  useEffect(() => {
    // On a narrow screen the current tab may be out of view.
    list.current?.children[current]?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [current])
  return (
    <nav class="tabs" aria-label={label} ref={list}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.isCurrent ? 'page' : undefined}>
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <span class="count">{formatCount(tab.count)}</span>}
        </a>
      ))}
    </nav>
  )
}
