import { useEffect, useState } from 'preact/hooks'
import type { AlarmRule, Notification } from '../../src/api/contract.ts'
import { testChannel, testRule } from '../api/alarms.ts'
import { useAction } from '../api/use-action.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { Loading } from '../parts/view-states.tsx'

interface TestDialogProps {
  readonly rule?: AlarmRule
  readonly channel?: string
  readonly onClose: () => void
}

/** Sends a test to a channel, or to each of a rule, and says what came back. */
export function TestDialog({ rule, channel, onClose }: TestDialogProps) {
  const [sent, setSent] = useState<readonly Notification[] | undefined>(undefined)
  const action = useAction(async () => {
    setSent(undefined)
    setSent(rule ? await testRule(rule.id) : channel === undefined ? [] : [await testChannel(channel)])
  })
  useEffect(() => void action.run(), [])
  return (
    <Dialog
      title={`Test of ${rule ? `“${rule.title}”` : (channel ?? '')}`}
      onClose={onClose}
      onSubmit={() => void action.run()}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
          <button type="submit" disabled={action.isRunning} aria-busy={action.isRunning}>
            Test again
          </button>
        </>
      }
    >
      {action.isRunning && <Loading what="the answer" />}
      {sent?.length === 0 && <p>The rule tells nobody: it has no channel.</p>}
      {sent && sent.length > 0 && (
        <ul class="results">
          {sent.map((notification) => (
            <li key={notification.channel}>
              <Mark
                word={notification.channel}
                tone={notification.ok ? 'running' : 'failed'}
                shape={notification.ok ? 'check' : 'diamond'}
              />
              <span>
                {notification.detail}
                {notification.attempts > 1 && ` (${String(notification.attempts)} attempts)`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {action.error && <ErrorBox error={action.error} />}
    </Dialog>
  )
}
