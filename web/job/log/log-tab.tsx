import { useEffect, useRef, useState } from 'preact/hooks'
import type { Job, LogLevel, LogLine } from '../../../src/api/contract.ts'
import { listLog } from '../../api/jobs.ts'
import { useAction } from '../../api/use-action.ts'
import { useLoaded } from '../../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../../app/location.ts'
import { plural } from '../../format/plural.ts'
import { zoneOf } from '../../format/times.ts'
import { mergeLines } from '../../live/merge-lines.ts'
import { useLive } from '../../live/use-live.ts'
import { copyText } from '../../parts/copy-text.ts'
import { ErrorBox } from '../../parts/callout.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Empty, LoadedView } from '../../parts/view-states.tsx'
import { LogLines } from './log-lines.tsx'
import { LogSearch } from './log-search.tsx'
import { lineMatches, lineText } from './line-text.ts'

/** As many lines as a page keeps; the oldest go. */
const MOST_LINES = 5000
const PAGE = 500
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

export function LogTab({ job }: { readonly job: Job }) {
  const level = LEVELS.find((one) => one === queryParameter('level')) ?? 'info'
  const search = queryParameter('search')
  const [isLive, setLive] = useState(true)
  const [hasOlder, setHasOlder] = useState(true)
  const waiting = useRef<LogLine[]>([])
  const query = { level, limit: PAGE, ...(search !== '' && { search }) }
  const loaded = useLoaded<readonly LogLine[]>(`log ${job.name} ${level} ${search}`, async () => {
    const lines = await listLog(job.name, query)
    setHasOlder(lines.length >= PAGE)
    return lines
  })
  const older = useAction(async () => {
    const first = loaded.value?.[0]
    if (!first) return
    const lines = await listLog(job.name, { ...query, before: first.id })
    setHasOlder(lines.length >= PAGE)
    // Loaded anew meanwhile, the log begins elsewhere: then there would be a hole.
    loaded.change((now) => (now[0]?.id === first.id ? mergeLines(lines, now, MOST_LINES + lines.length) : now))
  })
  // What waits was asked for by other words.
  useEffect(() => void (waiting.current = []), [level, search])
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type !== 'log' || message.job !== job.name) return
    waiting.current.push(...message.lines.filter((line) => lineMatches(line, search)))
    waiting.current = waiting.current.slice(-MOST_LINES)
    if (isLive) flush()
  })
  const flush = () => {
    const lines = waiting.current
    waiting.current = []
    loaded.change((now) => mergeLines(now, lines, MOST_LINES))
  }
  const toggleLive = () => {
    setLive(!isLive)
    if (!isLive) flush()
  }
  return (
    <div>
      <div class="table-tools">
        <LogSearch value={search} search={(text) => setQueryParameter('search', text)} />
        <select
          aria-label="Level"
          value={level}
          onChange={(event) => setQueryParameter('level', event.currentTarget.value)}
        >
          {LEVELS.map((one) => (
            <option key={one} value={one}>
              {one === 'error' ? 'error' : `${one} and above`}
            </option>
          ))}
        </select>
        <label>
          <input type="checkbox" checked={isLive} onChange={toggleLive} />
          Live tail
        </label>
        <span class="shown">
          {loaded.value ? `${plural(loaded.value.length, 'line')}, times in ${zoneOf(Date.now())}` : ''}
        </span>
        {hasOlder && (
          <button
            type="button"
            class="quiet"
            disabled={older.isRunning || !loaded.value?.length}
            onClick={() => void older.run()}
          >
            Load older
          </button>
        )}
        <button
          type="button"
          class="quiet icon-only"
          aria-label="Copy the lines"
          title="Copy the lines"
          onClick={() => void copyText((loaded.value ?? []).map(lineText).join('\n'), 'Log')}
        >
          <Icon name="copy" />
        </button>
      </div>
      {older.error && <ErrorBox error={older.error} />}
      <LoadedView loaded={loaded} what="the log">
        {(lines) =>
          lines.length === 0 ? (
            <Empty title="No lines">
              <p>
                {search === ''
                  ? `The job has logged nothing of level ${level} or above.`
                  : 'Nothing matches. Search other words, or a lower level.'}
              </p>
            </Empty>
          ) : (
            <LogLines lines={lines} isFollowing={isLive} />
          )
        }
      </LoadedView>
    </div>
  )
}
