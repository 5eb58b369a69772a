import { notify } from './notice.tsx'

/** Into the clipboard, also where the page has no secure context and so no clipboard of its own. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    if (!copyBySelection(text)) {
      notify(`This browser does not let the page copy. Select ${what} and copy it by hand.`)
      return
    }
  }
  notify(`${what} copied`)
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'hidden-text'
  const host = document.querySelector('dialog[open]') ?? document.body
  host.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  return isCopied
}
