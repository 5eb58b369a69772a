import { checkBars } from './bars.ts'
import { markdownTable } from './format-table.ts'
import type { Results } from './results.ts'
import { STEADY_FROM, STEADY_TO } from './steady-state.ts'
import { summaryRows } from './summary.ts'

/** RESULTS.md: what a run measured, for people. Nobody edits it by hand. */
export function resultsPage(results: Results): string {
  const { surroundings, partitions, shapes, peers, paired } = results
  const bars = checkBars(results)
  const ran = peers.filter(({ missing }) => missing === undefined)
  const absent = peers.filter(({ missing }) => missing !== undefined)
  return `# Benchmark results

Written by \`npm run bench -- mirror --write-results\`; edits are lost.

${surroundings.date}, millrace ${surroundings.millrace} (${surroundings.commit}), Node.js ${surroundings.node}, node-rdkafka ${surroundings.nodeRdkafka} (librdkafka ${surroundings.librdkafka}).
${surroundings.cores} cores (${surroundings.processor}), ${surroundings.memoryGiB} GiB, ${surroundings.system}, shared by the mirror and both brokers (Apache Kafka ${surroundings.kafka}, one node each).

Each mirror copies a whole loaded topic of ${partitions} partitions into a fresh one, acks=all and idempotent. Figures are medians, from ${STEADY_FROM * 100} % to ${STEADY_TO * 100} % of
the copy; CPU is user and system time of all processes of the mirror, peak memory the sum of their resident memory. After each
run the counts of all partitions were compared, and ${results.checked === 'every record' ? 'every record' : 'the last records of each'}. Absolute figures drift from day to day by tens
of per cent: compare within this page only.

${markdownTable([['shape', 'records', 'bytes', 'codec', 'payload'], ...shapes.map((shape) => [shape.name, shape.records.toLocaleString('en'), String(shape.bytes), shape.codec, shape.payload])])}

${markdownTable(summaryRows(results))}

## Against the bar

${bars.length === 0 ? 'Not measured in this run.' : markdownTable([['what', 'wanted', 'measured', ''], ...bars.map((bar) => [bar.what, bar.wanted, bar.measured, bar.met ? 'met' : 'missed'])])}
${paired.length === 0 ? '' : `\n## Ratios of pairs\n\n${markdownTable(pairedRows(results))}\n`}
## Mirrors

${ran.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n')}
${absent.map(({ name, missing }) => `- \`${name}\`: not run, ${missing}\n`).join('')}`
}

export function pairedRows({ paired }: Results): readonly (readonly string[])[] {
  return [
    ['shape', 'CPU per record', 'median', 'interval', 'confidence', 'pairs'],
    ...paired.map(({ shape, peer, control, median, low, high, confidence, ratios }) => [
      shape,
      `${peer} ÷ ${control}`,
      median.toFixed(3),
      `${low.toFixed(3)} – ${high.toFixed(3)}`,
      `${(confidence * 100).toFixed(1)} %`,
      String(ratios.length)
    ])
  ]
}
