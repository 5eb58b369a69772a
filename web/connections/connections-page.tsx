import { useState } from 'preact/hooks'
import type { Connection, ConnectionTest } from '../../src/api/contract.ts'
import { deleteConnection, listConnections, testConnection } from '../api/connections.ts'
import { may } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { plural } from '../format/plural.ts'
import { curlCommand } from '../format/shell.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { ConnectionDialog } from './connection-dialog.tsx'
import { CONNECTION_COLUMNS } from './connection-columns.tsx'
import { Stages } from './stages.tsx'

export function ConnectionsPage() {
  const loaded = useLoaded('connections', listConnections)
  const [tested, setTested] = useState<Connection | undefined>(undefined)
  const [deleted, setDeleted] = useState<Connection | undefined>(undefined)
  const edited = queryParameter('edit')
  const isNew = queryParameter('new') !== ''
  const open = (name: string) => setQueryParameter('edit', name)
  const found = loaded.value?.find(({ name }) => name === edited)
  const mayEdit = may('admin')
  const restarts = loaded.value?.flatMap(({ restartNeeded }) => restartNeeded) ?? []
  return (
    <Page
      title="Connections"
      sentence={
        loaded.value && loaded.value.length > 0
          ? `${plural(loaded.value.length, 'cluster')} that jobs can use${
              restarts.length > 0 ? `; ${restarts.join(', ')} must be restarted to take up a change` : ''
            }.`
          : undefined
      }
      actions={
        mayEdit && (
          <button type="button" onClick={() => setQueryParameter('new', '1')}>
            <Icon name="plus" />
            New connection
          </button>
        )
      }
      commands={[curlCommand(window.location.origin, 'GET', '/connections')]}
    >
      <LoadedView loaded={loaded} what="the connections">
        {(connections) =>
          connections.length === 0 ? (
            <Empty title="No connections yet">
              <p>A connection is the address of a cluster and how to log in there, for any number of jobs.</p>
            </Empty>
          ) : (
            <DataTable
              id="connections"
              label="Connections"
              rows={connections}
              keyOf={({ name }) => name}
              columns={CONNECTION_COLUMNS}
              sort={{ column: 'name', descending: false }}
              isRoomy
              {...(mayEdit && { onOpen: ({ name }: Connection) => open(name) })}
              buttons={{
                width: 118,
                of: (connection) => (
                  <>
                    {may('operate') && (
                      <button type="button" class="quiet small" onClick={() => setTested(connection)}>
                        Test
                      </button>
                    )}
                    {mayEdit && (
                      <Menu
                        label={`More for ${connection.name}`}
                        class="bare icon-only small"
                        items={[
                          { label: 'Edit', run: () => open(connection.name) },
                          'separator',
                          {
                            label: 'Delete',
                            isDangerous: true,
                            run: () => setDeleted(connection),
                            ...(connection.usedBy.length > 0 && { disabled: 'used by jobs' })
                          }
                        ]}
                      >
                        <Icon name="more" />
                      </Menu>
                    )}
                  </>
                )
              }}
            />
          )
        }
      </LoadedView>
      {mayEdit && (isNew || found) && (
        <ConnectionDialog
          key={edited}
          connection={isNew ? undefined : found}
          onClose={() => setQueryParameter(isNew ? 'new' : 'edit', '')}
          onSaved={() => {
            setQueryParameter(isNew ? 'new' : 'edit', '')
            loaded.reload()
          }}
        />
      )}
      {tested && (
        <TestDialog
          connection={tested}
          onClose={() => {
            setTested(undefined)
            loaded.reload()
          }}
        />
      )}
      {deleted && (
        <ConfirmDialog
          title={`Delete ${deleted.name}?`}
          verb="Delete connection"
          isDangerous
          onClose={() => setDeleted(undefined)}
          onConfirm={async () => {
            await deleteConnection(deleted.name, deleted.revision)
            loaded.reload()
          }}
        >
          Its address and its secrets are deleted from the data directory. No job uses it.
        </ConfirmDialog>
      )}
    </Page>
  )
}

function TestDialog({ connection, onClose }: { readonly connection: Connection; readonly onClose: () => void }) {
  const [test, setTest] = useState<ConnectionTest | undefined>(undefined)
  const action = useAction(async () => {
    setTest(undefined)
    setTest(await testConnection(connection.name))
  })
  useState(() => void action.run())
  return (
    <Dialog
      title={`Test of ${connection.name}`}
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
      <Stages test={test} isRunning={action.isRunning} />
      {action.error && <ErrorBox error={action.error} />}
    </Dialog>
  )
}
