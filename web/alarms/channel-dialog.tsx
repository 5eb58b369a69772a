import { useState } from 'preact/hooks'
import type { Channel, ChannelInput, SecretInput as Secret } from '../../src/api/contract.ts'
import { putChannel } from '../api/alarms.ts'
import { useAction } from '../api/use-action.ts'
import { Choices } from '../forms/choices.tsx'
import { EntryList } from '../forms/entry-list.tsx'
import { SelectInput, TextInput } from '../forms/inputs.tsx'
import { SecretInput } from '../forms/secret-input.tsx'
import { ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { notify } from '../parts/notice.tsx'
import { type ChannelDraft, channelDraft, channelInput, problemsOfChannel } from './channel-draft.ts'
import { WebhookSample } from './webhook-sample.tsx'

interface ChannelDialogProps {
  /** undefined = a new one. */
  readonly channel: Channel | undefined
  readonly onClose: () => void
  readonly onSaved: () => void
}

export function ChannelDialog({ channel, onClose, onSaved }: ChannelDialogProps) {
  const [draft, setDraft] = useState(() => channelDraft(channel))
  const [isTried, setTried] = useState(false)
  const set = (change: Partial<ChannelDraft>) => setDraft((before) => ({ ...before, ...change }))
  const wrong = isTried ? problemsOfChannel(draft) : {}
  const save = useAction(async () => {
    await putChannel(draft.name, channelInput(draft), channel ? { ifRevision: channel.revision } : { ifNew: true })
    notify('Channel saved')
    onSaved()
  })
  const stored = channel?.kind === draft.kind ? (channel.kind === 'webhook' ? channel.secret : channel.password) : null
  const secret = (label: string, help: string) => (
    <SecretInput
      key={draft.kind}
      label={label}
      help={help}
      stored={stored}
      value={draft.secret}
      wrong={wrong.secret}
      onValue={(value: Secret | undefined) => set({ secret: value })}
    />
  )
  return (
    <Dialog
      wide
      title={channel ? `Channel ${channel.name}` : 'New channel'}
      onClose={onClose}
      onSubmit={() => {
        setTried(true)
        if (Object.keys(problemsOfChannel(draft)).length === 0) void save.run()
      }}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={save.isRunning} aria-busy={save.isRunning}>
            Save channel
          </button>
        </>
      }
    >
      <div class="fields">
        {!channel && (
          <div class="columns-2">
            <TextInput
              label="Name"
              value={draft.name}
              autofocus
              placeholder="on-call"
              wrong={wrong.name}
              onValue={(name) => set({ name })}
            />
            <Choices<ChannelInput['kind']>
              legend="Kind"
              isInline
              value={draft.kind}
              choices={[
                { value: 'webhook', label: 'Webhook' },
                { value: 'email', label: 'E-mail' }
              ]}
              onValue={(kind) => set({ kind, secret: undefined })}
            />
          </div>
        )}
        {draft.kind === 'webhook' ? (
          <>
            <TextInput
              label="URL"
              inputMode="url"
              value={draft.url}
              placeholder="https://hooks.example/millrace"
              wrong={wrong.url}
              help="Gets a POST with JSON, again and again until it answers 2xx or the attempts are used up."
              onValue={(url) => set({ url })}
            />
            {secret('Secret for the signature', 'Empty: not signed. Kept in a file of the data directory.')}
            <details>
              <summary>What is sent, and how to check its signature</summary>
              <WebhookSample />
            </details>
          </>
        ) : (
          <div class="columns-2">
            <TextInput
              label="Mail server"
              value={draft.host}
              placeholder="smtp.example"
              wrong={wrong.host}
              onValue={(host) => set({ host })}
            />
            <div class="columns-2">
              <TextInput
                label="Port"
                inputMode="numeric"
                value={draft.port}
                wrong={wrong.port}
                onValue={(port) => set({ port })}
              />
              <SelectInput<ChannelDraft['tls']>
                label="Encryption"
                value={draft.tls}
                options={[
                  ['starttls', 'STARTTLS'],
                  ['tls', 'TLS'],
                  ['none', 'None']
                ]}
                onValue={(tls) => set({ tls })}
              />
            </div>
            <TextInput
              label="User name"
              value={draft.username}
              help="Empty: no login."
              onValue={(username) => set({ username })}
            />
            {secret('Password', 'Kept in a file of the data directory. Or a reference: ${file:PATH}, ${env:NAME}.')}
            <TextInput
              label="From"
              inputMode="email"
              value={draft.from}
              wrong={wrong.from}
              onValue={(from) => set({ from })}
            />
            <EntryList label="To" entries={draft.to} wrong={wrong.to} onEntries={(to) => set({ to })} />
          </div>
        )}
        {save.error && <ErrorBox error={save.error} />}
      </div>
    </Dialog>
  )
}
