import { useState } from 'preact/hooks'
import { listConnections } from '../../api/connections.ts'
import { may } from '../../api/session.ts'
import { useLoaded } from '../../api/use-loaded.ts'
import { ConnectionDialog } from '../../connections/connection-dialog.tsx'
import { TextInput } from '../../forms/inputs.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadedView } from '../../parts/view-states.tsx'
import { ClusterCard } from '../cluster-card.tsx'
import { textAt } from '../logic/json-path.ts'
import type { StepProps } from '../step-props.ts'

export function ConnectionsStep({ config, set, wrong, job }: StepProps) {
  const loaded = useLoaded('connections', listConnections)
  const [newFor, setNewFor] = useState<'source' | 'target' | undefined>(undefined)
  const name = textAt(config, ['name'])
  return (
    <>
      <h2 tabIndex={-1}>From where to where</h2>
      <div class="columns-2 narrow-form">
        <TextInput
          label="Name of the job"
          value={name}
          placeholder="orders-to-dr"
          disabled={job !== null}
          wrong={wrong('name')}
          help={job === null ? undefined : 'The name stays: it is the address of the job.'}
          onValue={(value) => set(['name'], value === '' ? undefined : value)}
        />
        <TextInput
          label="Consumer group"
          value={textAt(config, ['source', 'groupId'])}
          placeholder={name === '' ? 'the name of the job' : name}
          help="Keeps the progress at the source, where every lag tool sees it."
          onValue={(value) => set(['source', 'groupId'], value === '' ? undefined : value)}
        />
      </div>
      <LoadedView loaded={loaded} what="the connections">
        {(connections) => (
          <div class="clusters">
            {(['source', 'target'] as const).map((side, index) => (
              <>
                {index === 1 && (
                  <span class="arrow" aria-hidden="true">
                    <Icon name="right" />
                  </span>
                )}
                <ClusterCard
                  key={side}
                  side={side}
                  connections={connections}
                  chosen={textAt(config, [side, 'connection'])}
                  address={textAt(config, [side, 'bootstrapServers'])}
                  wrong={wrong(`${side}.connection`)}
                  onChoose={(chosen) => set([side, 'connection'], chosen === '' ? undefined : chosen)}
                  {...(may('admin') && { onNew: () => setNewFor(side) })}
                />
              </>
            ))}
          </div>
        )}
      </LoadedView>
      {newFor && (
        <ConnectionDialog
          onClose={() => setNewFor(undefined)}
          onSaved={(connection) => {
            set([newFor, 'connection'], connection.name)
            setNewFor(undefined)
            loaded.reload()
          }}
        />
      )}
    </>
  )
}
