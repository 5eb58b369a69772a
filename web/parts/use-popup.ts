import type { RefObject } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'

/** Something that opens below a button: Escape, a click elsewhere and a focus that leaves close it. */
export function usePopup(root: RefObject<HTMLElement | null>) {
  const [isOpen, setOpen] = useState(false)
  const close = useCallback(() => setOpen(false), [])
  const toggle = useCallback(() => setOpen((before) => !before), [])
  useEffect(() => {
    const element = root.current
    if (!isOpen || !element) return undefined
    const onPointer = (event: Event) => !element.contains(event.target as Node) && close()
    const onFocus = (event: FocusEvent) =>
      event.relatedTarget instanceof Node && !element.contains(event.relatedTarget) && close()
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // Not also the dialog around it.
      event.preventDefault()
      event.stopPropagation()
      close()
      element.querySelector<HTMLElement>('button')?.focus()
    }
    document.addEventListener('pointerdown', onPointer)
    element.addEventListener('focusout', onFocus)
    element.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', onPointer)
      element.removeEventListener('focusout', onFocus)
      element.removeEventListener('keydown', onKey)
    }
  }, [isOpen])
  return { isOpen, toggle, close }
}
