import type { PartitionRow } from '../../src/api/contract.ts'
import type { StateWords } from '../format/state-words.ts'
import type { Column } from '../parts/column.ts'
import { BytesRate, Count, Rate } from '../parts/figures.tsx'
import { CodeLink } from '../parts/code-link.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { formatExact } from '../format/numbers.ts'

export const PARTITION_STATES: Readonly<Record<PartitionRow['state'], StateWords>> = {
  stopped: { word: 'Stopped', tone: 'failed', shape: 'diamond' },
  stuck: { word: 'Stuck', tone: 'degraded', shape: 'half' },
  starting: { word: 'Starting', tone: 'moving', shape: 'ring' },
  copying: { word: 'Copying', tone: 'running', shape: 'dot' },
  paused: { word: 'Paused', tone: 'paused', shape: 'bars' },
  done: { word: 'Done', tone: 'ended', shape: 'check' }
}

export const partitionName = (row: PartitionRow) => `${row.topic}-${String(row.partition)}`

/** Offsets are compared digit by digit, so they are written out. */
const Offset = ({ value }: { readonly value: number | null }) =>
  value === null ? <span class="nothing">–</span> : <data value={String(value)}>{formatExact(value)}</data>

export const PARTITION_COLUMNS: readonly Column<PartitionRow>[] = [
  {
    id: 'partition',
    title: 'Partition',
    value: partitionName,
    cell: (row) => (
      <span class="keep-end">
        <span>{row.topic}</span>
        <span>-{row.partition}</span>
      </span>
    )
  },
  {
    id: 'state',
    title: 'State',
    width: 108,
    value: (row) => PARTITION_STATES[row.state].word,
    cell: (row) => <Mark {...PARTITION_STATES[row.state]} />
  },
  {
    id: 'lag',
    title: 'Lag',
    help: 'End offset minus the offset below which everything is delivered',
    width: 88,
    align: 'end',
    isUnfiltered: true,
    value: (row) => row.lag,
    cell: (row) => <Count value={row.lag} />
  },
  {
    id: 'rate',
    title: 'Rate',
    width: 92,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (row) => row.recordsPerSecond,
    cell: (row) => <Rate value={row.recordsPerSecond} />
  },
  {
    id: 'bytes',
    title: 'Bytes',
    width: 112,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (row) => row.bytesPerSecond,
    cell: (row) => <BytesRate value={row.bytesPerSecond} />
  },
  {
    id: 'position',
    title: 'Position',
    help: 'The next offset to copy',
    width: 124,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (row) => row.to,
    cell: (row) => <Offset value={row.to} />
  },
  {
    id: 'end',
    title: 'End offset',
    width: 124,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (row) => row.end,
    cell: (row) => <Offset value={row.end} />
  },
  {
    id: 'from',
    title: 'Began at',
    width: 124,
    align: 'end',
    isUnfiltered: true,
    isExtra: true,
    isWideOnly: true,
    value: (row) => row.from,
    cell: (row) => <Offset value={row.from} />
  },
  {
    id: 'records',
    title: 'Copied',
    help: 'Records in this run',
    width: 96,
    align: 'end',
    isUnfiltered: true,
    isExtra: true,
    isWideOnly: true,
    value: (row) => row.records,
    cell: (row) => <Count value={row.records} />
  },
  { id: 'target', title: 'Target topic', width: 170, isExtra: true, isWideOnly: true, value: (row) => row.target },
  {
    id: 'reason',
    title: 'Reason',
    isWideOnly: true,
    value: (row) => (row.reason ? `${row.reason.message} ${row.reason.next ?? ''}`.trim() : null),
    cell: (row) =>
      row.reason && (
        <>
          <CodeLink code={row.reason.code} /> {row.reason.message}
        </>
      )
  }
]
