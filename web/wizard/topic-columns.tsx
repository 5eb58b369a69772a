import type { ClusterTopic } from '../../src/api/contract.ts'
import type { Column } from '../parts/column.ts'
import { Count } from '../parts/figures.tsx'
import { Mark } from '../parts/state-mark.tsx'

interface TopicState {
  readonly copied: ReadonlySet<string>
  readonly excluded: ReadonlySet<string>
  readonly include: readonly string[]
  readonly pick: (topic: string) => void
}

export function topicColumns({ copied, excluded, include, pick }: TopicState): readonly Column<ClusterTopic>[] {
  const stateOf = (name: string): string => {
    if (copied.has(name)) return include.includes(name) ? 'by name' : 'by pattern'
    return excluded.has(name) ? 'excluded' : ''
  }
  return [
    {
      id: 'name',
      title: 'Topic',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <label class="pick" title={name}>
          {/* One stop for Tab, the table; its arrow keys and Enter do the same. */}
          <input type="checkbox" tabIndex={-1} checked={copied.has(name)} onChange={() => pick(name)} />
          {name}
        </label>
      )
    },
    {
      id: 'copied',
      title: 'Copied',
      value: ({ name }) => stateOf(name),
      cell: ({ name }) => {
        const state = stateOf(name)
        if (state === '') return null
        return state === 'excluded' ? (
          <Mark word="excluded" tone="ended" shape="square" />
        ) : (
          <Mark word={state} tone="running" shape="check" />
        )
      },
      width: 120
    },
    {
      id: 'partitions',
      title: 'Partitions',
      align: 'end',
      isWideOnly: true,
      value: ({ partitions }) => partitions,
      width: 96
    },
    {
      id: 'records',
      title: 'Records',
      help: 'Between first and end offset: an upper bound',
      align: 'end',
      isWideOnly: true,
      value: ({ records }) => records,
      cell: ({ records }) => <Count value={records} />,
      width: 96
    },
    {
      id: 'replicas',
      title: 'Replicas',
      align: 'end',
      isExtra: true,
      isWideOnly: true,
      value: ({ replicationFactor }) => replicationFactor,
      width: 90
    }
  ]
}
