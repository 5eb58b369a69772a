import { Dialog } from '../parts/dialog.tsx'
import { shortcuts } from './shortcuts.ts'

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const rows = [
    ...new Map(shortcuts.value.map(({ keys, title }) => [keys, title])),
    ['↑ ↓ Enter', 'Move in a table, open the row'],
    ['Esc', 'Close what is open, clear the filter']
  ] as const
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcut-list">
        {rows.map(([keys, title]) => (
          <>
            <dt>
              {keys.split(' ').map((key) => (
                <>
                  <kbd>{key}</kbd>{' '}
                </>
              ))}
            </dt>
            <dd>{title}</dd>
          </>
        ))}
      </dl>
    </Dialog>
  )
}
