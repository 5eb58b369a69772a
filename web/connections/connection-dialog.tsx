import { useState } from 'preact/hooks'
import type { Connection, ConnectionTest } from '../../src/api/contract.ts'
import { putConnection, testInput } from '../api/connections.ts'
import { useAction } from '../api/use-action.ts'
import { Check, SelectInput, TextInput } from '../forms/inputs.tsx'
import { PropertyTable } from '../forms/property-table.tsx'
import { SecretInput } from '../forms/secret-input.tsx'
import { Callout, ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { notify } from '../parts/notice.tsx'
import {
  type ConnectionDraft,
  type Login,
  draftOf,
  inputOf,
  NEW_CONNECTION,
  problemsOfConnection
} from './connection-draft.ts'
import { Stages } from './stages.tsx'

const LOGINS: readonly (readonly [Login, string])[] = [
  ['none', 'None'],
  ['SCRAM-SHA-512', 'SCRAM-SHA-512'],
  ['SCRAM-SHA-256', 'SCRAM-SHA-256'],
  ['PLAIN', 'PLAIN'],
  ['properties', 'Kerberos or OIDC, by properties']
]

interface ConnectionDialogProps {
  /** undefined = a new one. */
  readonly connection?: Connection | undefined
  readonly onClose: () => void
  readonly onSaved: (connection: Connection) => void
}

export function ConnectionDialog({ connection, onClose, onSaved }: ConnectionDialogProps) {
  const [draft, setDraft] = useState(connection ? draftOf(connection) : NEW_CONNECTION)
  const [isTried, setTried] = useState(false)
  const [test, setTest] = useState<ConnectionTest | undefined>(undefined)
  const problems = isTried ? problemsOfConnection(draft) : {}
  const set = (change: Partial<ConnectionDraft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setTest(undefined)
  }
  const isSound = () => {
    setTried(true)
    return Object.keys(problemsOfConnection(draft)).length === 0
  }
  const save = useAction(async () => {
    const on = connection ? { ifRevision: connection.revision } : { ifNew: true }
    const saved = await putConnection(draft.name, inputOf(draft), on)
    notify(connection ? `Connection ${saved.name} changed` : `Connection ${saved.name} created`)
    onSaved(saved)
  })
  const trial = useAction(async () => {
    setTest(undefined)
    setTest(await testInput(inputOf(draft), connection?.name))
  })
  const running = connection?.usedBy.filter((use) => use.running) ?? []
  return (
    <Dialog
      wide
      title={connection ? `Connection ${connection.name}` : 'New connection'}
      onClose={onClose}
      onSubmit={() => isSound() && void save.run()}
      footer={
        <>
          <button
            type="button"
            class="quiet push-left"
            disabled={trial.isRunning}
            aria-busy={trial.isRunning}
            onClick={() => isSound() && void trial.run()}
          >
            Test
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={save.isRunning} aria-busy={save.isRunning}>
            {connection ? 'Save changes' : 'Create connection'}
          </button>
        </>
      }
    >
      <div class="fields">
        {running.length > 0 && (
          <Callout
            tone="moving"
            what={`${running.map((use) => use.job).join(', ')} ${running.length === 1 ? 'runs' : 'run'} with it and will go on as before.`}
            next="A change takes effect when the job is restarted."
          />
        )}
        <div class="columns-2">
          {!connection && (
            <TextInput
              label="Name"
              value={draft.name}
              autofocus
              placeholder="production"
              wrong={problems.name}
              onValue={(name) => set({ name })}
            />
          )}
          <TextInput
            label="Bootstrap servers"
            value={draft.bootstrapServers}
            placeholder="kafka-1.example:9092, kafka-2.example:9092"
            wrong={problems.bootstrapServers}
            onValue={(bootstrapServers) => set({ bootstrapServers })}
          />
          <SelectInput
            label="Login"
            value={draft.login}
            options={LOGINS}
            help={
              draft.login === 'properties'
                ? 'Set sasl.mechanisms to GSSAPI with sasl.kerberos.*, or to OAUTHBEARER with sasl.oauthbearer.*, below.'
                : undefined
            }
            onValue={(login) => set({ login })}
          />
          <SelectInput
            label="Encryption"
            value={draft.encrypted ? 'tls' : 'none'}
            options={[
              ['none', 'None'],
              ['tls', 'TLS']
            ]}
            onValue={(chosen) => set({ encrypted: chosen === 'tls' })}
          />
          {draft.login !== 'none' && draft.login !== 'properties' && (
            <>
              <TextInput
                label="User name"
                value={draft.username}
                wrong={problems.username}
                onValue={(username) => set({ username })}
              />
              <SecretInput
                label="Password"
                stored={connection?.security.password}
                value={draft.password}
                wrong={problems.password}
                onValue={(password) => set({ password })}
              />
            </>
          )}
        </div>
        {draft.encrypted && <TlsFields draft={draft} connection={connection} problems={problems} set={set} />}
        <details open={Object.keys(draft.properties).length > 0 || draft.login === 'properties'}>
          <summary>Client properties</summary>
          <PropertyTable
            label="Properties"
            placeholder="client.rack"
            properties={draft.properties}
            wrong={{}}
            onProperties={(properties) => set({ properties })}
          />
          {problems.properties && <p class="wrong">{problems.properties}</p>}
        </details>
        <TextInput label="Note" value={draft.note} onValue={(note) => set({ note })} />
        {(test || trial.isRunning) && <Stages test={test} isRunning={trial.isRunning} />}
        {trial.error && <ErrorBox error={trial.error} />}
        {save.error && <ErrorBox error={save.error} />}
      </div>
    </Dialog>
  )
}

interface TlsFieldsProps {
  readonly draft: ConnectionDraft
  readonly connection: Connection | undefined
  readonly problems: Partial<Readonly<Record<keyof ConnectionDraft, string>>>
  readonly set: (change: Partial<ConnectionDraft>) => void
}

function TlsFields({ draft, connection, problems, set }: TlsFieldsProps) {
  return (
    <fieldset>
      <legend>TLS</legend>
      <div class="columns-2">
        <TextInput
          label="Authorities to trust"
          help="PEM file on the machine of the service; empty: those of the system."
          placeholder="/etc/kafka/ca.pem"
          value={draft.caFile}
          onValue={(caFile) => set({ caFile })}
        />
        <div>
          <Check
            label="Compare the host name with the certificate"
            checked={draft.verifyHostname}
            onChecked={(verifyHostname) => set({ verifyHostname })}
          />
        </div>
        <TextInput
          label="Client certificate"
          help="For mTLS."
          placeholder="/etc/kafka/mirror.pem"
          value={draft.certificateFile}
          wrong={problems.certificateFile}
          onValue={(certificateFile) => set({ certificateFile })}
        />
        <TextInput
          label="Its private key"
          placeholder="/etc/kafka/mirror.key"
          value={draft.keyFile}
          wrong={problems.keyFile}
          onValue={(keyFile) => set({ keyFile })}
        />
        {draft.keyFile !== '' && (
          <SecretInput
            label="Password of the key"
            help="If it has one."
            stored={connection?.security.keyPassword}
            value={draft.keyPassword}
            onValue={(keyPassword) => set({ keyPassword })}
          />
        )}
      </div>
    </fieldset>
  )
}
