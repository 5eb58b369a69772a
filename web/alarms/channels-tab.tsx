import { useState } from 'preact/hooks'
import type { Channel } from '../../src/api/contract.ts'
import { deleteChannel } from '../api/alarms.ts'
import { may } from '../api/session.ts'
import type { Loaded } from '../api/use-loaded.ts'
import { setQueryParameter } from '../app/location.ts'
import type { Column } from '../parts/column.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { EditLink } from '../parts/edit-link.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { TestDialog } from './test-dialog.tsx'

const COLUMNS: readonly Column<Channel>[] = [
  {
    id: 'name',
    title: 'Channel',
    value: ({ name }) => name,
    cell: ({ name }) => (
      <EditLink href={`/alarms/channels?edit=${encodeURIComponent(name)}`} needs="admin">
        {name}
      </EditLink>
    ),
    width: 180
  },
  {
    id: 'kind',
    title: 'Kind',
    isWideOnly: true,
    value: ({ kind }) => (kind === 'email' ? 'e-mail' : 'webhook'),
    width: 100
  },
  {
    id: 'to',
    title: 'To',
    value: (channel) => (channel.kind === 'webhook' ? channel.url : `${channel.to.join(', ')} by ${channel.host}`)
  },
  {
    id: 'secret',
    title: 'Secret',
    isWideOnly: true,
    isUnfiltered: true,
    value: (channel) => {
      const secret = channel.kind === 'webhook' ? channel.secret : channel.password
      return secret?.reference ?? secret?.fingerprint ?? null
    },
    cell: (channel) => {
      const secret = channel.kind === 'webhook' ? channel.secret : channel.password
      const shown = secret?.reference ?? secret?.fingerprint
      return shown ? <code>{shown}</code> : <span class="quiet-text">none</span>
    },
    width: 190
  }
]

export function ChannelsTab({ channels }: { readonly channels: Loaded<readonly Channel[]> }) {
  const [tested, setTested] = useState<Channel | undefined>(undefined)
  const [deleted, setDeleted] = useState<Channel | undefined>(undefined)
  const mayEdit = may('admin')
  return (
    <>
      <LoadedView loaded={channels} what="the channels">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No channels yet">
              <p>A channel takes notifications: a webhook, signed if it has a secret, or mail.</p>
            </Empty>
          ) : (
            <DataTable
              id="alarm-channels"
              label="Channels"
              rows={rows}
              keyOf={({ name }) => name}
              columns={COLUMNS}
              sort={{ column: 'name', descending: false }}
              onOpen={({ name }) => mayEdit && setQueryParameter('edit', name)}
              buttons={{
                width: 108,
                of: (channel) => (
                  <>
                    {may('operate') && (
                      <button type="button" class="quiet small" onClick={() => setTested(channel)}>
                        Test
                      </button>
                    )}
                    {mayEdit && (
                      <Menu
                        label={`More for ${channel.name}`}
                        class="bare icon-only small"
                        items={[
                          { label: 'Edit', run: () => setQueryParameter('edit', channel.name) },
                          'separator',
                          { label: 'Delete', isDangerous: true, run: () => setDeleted(channel) }
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
      {tested && <TestDialog channel={tested.name} onClose={() => setTested(undefined)} />}
      {deleted && (
        <ConfirmDialog
          title={`Delete ${deleted.name}?`}
          verb="Delete channel"
          isDangerous
          onClose={() => setDeleted(undefined)}
          onConfirm={async () => {
            await deleteChannel(deleted.name, deleted.revision)
            channels.reload()
          }}
        >
          Its secret is deleted with it. A channel that a rule uses can't be deleted.
        </ConfirmDialog>
      )}
    </>
  )
}
