import { HISTOGRAMS } from '../src/telemetry/metrics/histogram-readings.ts'
import { INSTRUMENTS } from '../src/telemetry/metrics/instruments.ts'
import { HISTOGRAM_BOUNDS } from '../src/telemetry/metrics/worker-metrics.ts'

const HEAD = `# Metrics

<!-- Made from src/telemetry/metrics/instruments.ts: npx tsx scripts/generate-config.ts -->

The supervisor of a job tells what all its workers do, on one address and with one set of names:

- for Prometheus at \`/metrics\` of \`http.listen\` (off by default);
- by OTLP with \`metrics.export: otlp\`, or as the \`OTEL_*\` variables say ([configuration](configuration.md#metrics)).

\`http.listen\` also serves \`/healthz\` (200 while the job has not failed) and \`/readyz\` (200 while it is RUNNING or PAUSED and each
worker has joined the group and told its first numbers; else 503 with the reason). There is no login: keep the address on
loopback or in a private network.

With OTLP the names are the dotted ones. Prometheus sees underscores and \`_total\` behind counters; histograms end in
\`_bucket\`, \`_sum\` and \`_count\`. Each series carries \`millrace_job\`, the name of the job. Counters count from the start of
the job and never go down while it runs, also when a worker is started again.

\`topic\` and \`partition\` are those of the source. Up to \`metrics.maxPartitions\` partitions have series of their own; when
there are more, partitions share a series of their topic, without \`partition\`; when there are more topics than that, they
share one without either. A partition keeps its series for as long as the job runs. Sums over the labels are right in any
case.

What \`librdkafka\` or JavaScript itself would have to measure (\`millrace.broker.*\`, \`millrace.retries\`,
\`millrace.event_loop.*\`) is measured only while metrics are exposed. [tuning.md](tuning.md) explains
\`millrace.limited.seconds\`.
`

/** docs/metrics.md: everything that is exposed. */
export function metricsMarkdown(): string {
  const rows = INSTRUMENTS.map(({ name, kind, labels, doc }) => {
    return row([code(prometheusName(name, kind)), kind, labels.map(code).join(', '), doc])
  })
  const histograms = HISTOGRAMS.map(({ name, of, doc }) => {
    const bounds = HISTOGRAM_BOUNDS[of]
    return row([code(prometheusName(name, 'histogram')), `${bounds[0]} to ${bounds.at(-1)}`, doc])
  })
  return [
    HEAD,
    '## Counters and gauges',
    '',
    row(['Name', 'Type', 'Labels', 'Meaning']),
    row(['---', '---', '---', '---']),
    ...rows,
    '',
    '## Histograms',
    '',
    row(['Name', 'Bounds', 'Meaning']),
    row(['---', '---', '---']),
    ...histograms,
    ''
  ].join('\n')
}

function prometheusName(name: string, kind: 'counter' | 'gauge' | 'histogram'): string {
  return name.replaceAll('.', '_') + (kind === 'counter' ? '_total' : '')
}

function code(text: string): string {
  return `\`${text}\``
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
