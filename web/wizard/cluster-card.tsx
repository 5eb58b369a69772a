import { useState } from 'preact/hooks'
import type { Connection, ConnectionTest } from '../../src/api/contract.ts'
import { testConnection } from '../api/connections.ts'
import { useAction } from '../api/use-action.ts'
import { securityWords } from '../connections/security-words.ts'
import { Stages } from '../connections/stages.tsx'
import { SelectInput } from '../forms/inputs.tsx'
import { ErrorBox } from '../parts/callout.tsx'

interface ClusterCardProps {
  readonly side: 'source' | 'target'
  readonly connections: readonly Connection[]
  readonly chosen: string
  /** Written in the configuration itself, as an imported file may have it. */
  readonly address: string
  readonly wrong: string | undefined
  readonly onChoose: (connection: string) => void
  readonly onNew?: () => void
}

/** One side of a job: which cluster, how one gets in, and whether it answers. */
export function ClusterCard({ side, connections, chosen, address, wrong, onChoose, onNew }: ClusterCardProps) {
  const [test, setTest] = useState<ConnectionTest | undefined>(undefined)
  const connection = connections.find(({ name }) => name === chosen)
  const action = useAction(async () => {
    setTest(undefined)
    setTest(await testConnection(chosen))
  })
  const isGone = chosen !== '' && !connection
  const options = [
    ['', address === '' ? 'Choose…' : `As written: ${address}`] as const,
    ...(isGone ? [[chosen, `${chosen} (there is no such connection)`] as const] : []),
    ...connections.map(({ name }) => [name, name] as const)
  ]
  return (
    <section class="block" aria-label={`${side} cluster`}>
      <SelectInput
        label={side === 'source' ? 'Source cluster' : 'Target cluster'}
        value={chosen}
        options={options}
        wrong={wrong}
        onValue={(name) => {
          setTest(undefined)
          action.clear()
          onChoose(name)
        }}
      />
      {connection && (
        <dl class="facts">
          <dt>Brokers</dt>
          <dd>{connection.bootstrapServers.replaceAll(',', ', ')}</dd>
          <dt>Security</dt>
          <dd>{securityWords(connection)}</dd>
        </dl>
      )}
      <div class="row">
        <button
          type="button"
          class="quiet"
          disabled={!connection || action.isRunning}
          aria-busy={action.isRunning}
          onClick={() => void action.run()}
        >
          Test
        </button>
        {onNew && (
          <button type="button" class="quiet" onClick={onNew}>
            New connection
          </button>
        )}
      </div>
      {connection && (test || action.isRunning) && <Stages test={test} isRunning={action.isRunning} />}
      {action.error && <ErrorBox error={action.error} />}
    </section>
  )
}
