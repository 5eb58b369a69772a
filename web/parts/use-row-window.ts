import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import { rowWindow, type RowWindow } from './row-window.ts'

/** Follows the scrolling of a region; draws anew only when other rows come into view. */
export function useRowWindow(region: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
  const [view, setView] = useState({ top: 0, height: 800 })
  useLayoutEffect(() => {
    const element = region.current
    if (!element) return undefined
    // The region ends where the window ends, wherever it begins.
    const top = element.getBoundingClientRect().top + window.scrollY
    element.style.setProperty('--region-top', `${String(Math.round(top))}px`)
    const read = () =>
      setView((before) => {
        const next = { top: element.scrollTop, height: element.clientHeight }
        const drawn = rowWindow(count, rowHeight, before.top, before.height)
        const wanted = rowWindow(count, rowHeight, next.top, next.height)
        return drawn.first === wanted.first && drawn.end === wanted.end ? before : next
      })
    read()
    element.addEventListener('scroll', read, { passive: true })
    const resized = new ResizeObserver(read)
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', read)
      resized.disconnect()
    }
  }, [count, rowHeight])
  return rowWindow(count, rowHeight, view.top, view.height)
}
