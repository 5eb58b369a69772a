import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { LogLine } from '../../../src/api/contract.ts'
import { Time } from '../../parts/figures.tsx'
import { useRowWindow } from '../../parts/use-row-window.ts'

const LINE = 24

/** The newest at the bottom. While the end is in view it stays in view. */
export function LogLines({
  lines,
  isFollowing
}: {
  readonly lines: readonly LogLine[]
  readonly isFollowing: boolean
}) {
  const region = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const view = useRowWindow(region, lines.length, LINE)
  useLayoutEffect(() => {
    const element = region.current
    if (element && isFollowing && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [lines, isFollowing])
  const line = chosen === undefined ? undefined : lines.find(({ id }) => id === chosen)
  return (
    <>
      <div
        class="log"
        ref={region}
        role="log"
        aria-label="Log"
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 2 * LINE
        }}
      >
        <div style={{ height: `${String(view.above)}px` }} />
        {lines.slice(view.first, view.end).map((one) => (
          <button
            key={one.id}
            type="button"
            class="log-line"
            aria-pressed={one.id === chosen}
            onClick={() => setChosen(one.id === chosen ? undefined : one.id)}
          >
            <Time at={one.at} zone={false} short />
            <span class={`level-${one.level}`}>{one.level}</span>
            <span title={one.message}>{one.message}</span>
          </button>
        ))}
        <div style={{ height: `${String(view.below)}px` }} />
      </div>
      {line && (
        <pre class="log-detail">
          {line.message}
          {'\n'}
          {JSON.stringify({ at: new Date(line.at).toISOString(), ...line.attributes }, undefined, 2)}
        </pre>
      )}
    </>
  )
}
