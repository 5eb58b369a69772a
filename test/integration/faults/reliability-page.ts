import { markdownTable } from '../../../benchmarks/harness/format-table.ts'
import { FAULTS } from './fault-catalogue.ts'
import type { FaultResult } from './fault-results.ts'

/** docs/reliability.md: what the stored results of the fault suite show. */
export function reliabilityPage(results: readonly FaultResult[]): string {
  const columns = [
    { title: 'case' },
    { title: 'fault' },
    ...['records', 'lost', 'duplicate', 'reordered', 'phantom', 'altered', 'early checkpoint'].map(figure),
    figure('recovery'),
    figure('peak memory')
  ]
  const rows = results.map((result) => [
    result.id,
    `${FAULTS[result.id].fault} (\`${result.name}\`)`,
    ...[result.records, result.lost, result.duplicate, result.reordered, result.phantom, result.altered].map(String),
    String(result.earlyCheckpoints),
    result.recoverySeconds === undefined ? '' : `${result.recoverySeconds.toFixed(1)} s`,
    result.peakMib === undefined ? '' : `${result.peakMib} MiB`
  ])
  const promises = Object.entries(FAULTS).map(([id, { fault, holds }]) => [id, fault, holds])
  return `# Reliability

Written by \`npm run test:faults\`; edits are lost. What was found the last time each case ran, by programs that share nothing with
millrace ([test/checker](../test/checker/README.md)): a writer of odd records of every codec and of transactions, some aborted, that goes on
while the fault happens, and a reader that compares source and target record by record.

- **Lost**: at the source and not at the target. **Phantom**: at the target and never at the source. **Altered**: any byte of key, value,
  headers or timestamp. **Early checkpoint**: partitions whose committed offset is beyond their first missing record.
- **Duplicate**: millrace delivers at least once; what was in flight when something died comes again. A copy again is a contiguous stretch;
  anything else out of order is **reordered**. Where a worker is frozen and wakes up after its partitions went to another one (P5), what it
  still had in flight arrives late, as duplicates between the records of its successor; nothing but transactions could prevent that.
- **Recovery**: from the end of the fault to the first record that is copied again, as seen by a client that may itself wait for a broker.
- **Peak memory**: supervisor and workers together, the pages of the program once, as a container counts them. \`limits.memory\` was 256 MiB (P5: 512 MiB, Q1: 288 MiB); a peak above it is a defect.

## Figures

${markdownTable(columns, rows)}

## What must hold

${markdownTable([{ title: 'case' }, { title: 'fault' }, { title: 'must hold' }], promises)}

How each is asserted: [test/integration](../test/integration/README.md#faults-and-life).
`
}

function figure(title: string): { readonly title: string; readonly figure: true } {
  return { title, figure: true }
}
