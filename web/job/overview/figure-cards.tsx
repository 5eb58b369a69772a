import type { ComponentChildren } from 'preact'
import type { Job } from '../../../src/api/contract.ts'
import { formatExact } from '../../format/numbers.ts'
import { plural } from '../../format/plural.ts'
import { jobHref } from '../../jobs/job-href.ts'
import { Bytes, BytesRate, Count, Duration, Rate } from '../../parts/figures.tsx'

export function FigureCards({ job }: { readonly job: Job }) {
  const { figures } = job
  const latency = figures?.replicationLatencyMs ?? null
  const notCopied = figures?.notCopied
  const bad = notCopied ? notCopied.deadLettered + notCopied.skipped + notCopied.altered : null
  return (
    <section class="cards" aria-label="Figures">
      <Card title="Throughput" value={<Rate value={figures?.rates.recordsOut ?? null} />}>
        {figures ? (
          <>
            <BytesRate value={figures.rates.bytesOut} />, <Bytes value={figures.bytes} /> in this run
          </>
        ) : (
          'Nothing in this run'
        )}
      </Card>
      <Card title="Lag" value={<Count value={figures?.lagRecords ?? null} />}>
        {figures === null || figures.lagSeconds === null ? (
          'Time to catch up not known'
        ) : (
          <>
            <Duration value={figures.lagSeconds * 1000} /> at this rate
          </>
        )}
      </Card>
      <Card title="Replication latency p99" value={<Duration value={latency?.p99 ?? null} />}>
        p50 <Duration value={latency?.p50 ?? null} />
      </Card>
      <Card
        title="Not copied"
        tone={bad !== null && bad + (notCopied?.losses ?? 0) > 0 ? 'degraded' : ''}
        href={jobHref(job.name, 'not-copied')}
        value={<Count value={bad} />}
      >
        {notCopied ? (
          <>
            {plural(notCopied.deadLettered, 'dead letter')}, {formatExact(notCopied.skipped)} skipped,{' '}
            {formatExact(notCopied.altered)} altered, {plural(notCopied.losses, 'loss', 'losses')}
          </>
        ) : (
          'Nothing in this run'
        )}
      </Card>
    </section>
  )
}

function Card({
  title,
  value,
  tone = '',
  href,
  children
}: {
  readonly title: string
  readonly value: ComponentChildren
  readonly tone?: string
  readonly href?: string
  readonly children: ComponentChildren
}) {
  return (
    <div class={`card ${tone}`}>
      <h2>{href ? <a href={href}>{title}</a> : title}</h2>
      <div class="card-value">{value}</div>
      <div class="card-more">{children}</div>
    </div>
  )
}
