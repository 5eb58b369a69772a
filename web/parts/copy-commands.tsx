import { useRef } from 'preact/hooks'
import { copyText } from './copy-text.ts'
import { Icon } from './icon.tsx'
import { usePopup } from './use-popup.ts'

/** What is seen or done here, as commands for a script. */
export function CopyCommands({ commands }: { readonly commands: readonly string[] }) {
  const root = useRef<HTMLDivElement>(null)
  const popup = usePopup(root)
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class="quiet icon-only"
        aria-expanded={popup.isOpen}
        aria-label="Copy as command"
        title="Copy as command"
        onClick={popup.toggle}
      >
        <Icon name="terminal" />
      </button>
      {popup.isOpen && (
        <div class="panel commands">
          {commands.map((command) => (
            <div class="command" key={command}>
              <pre>{command}</pre>
              <button
                type="button"
                class="quiet icon-only"
                aria-label={`Copy ${command}`}
                title="Copy"
                onClick={() => void copyText(command, 'Command')}
              >
                <Icon name="copy" />
              </button>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
