import type { ComponentChildren } from 'preact'
import type { ClusterView, Job, JobFigures, LimitingSide } from '../../../src/api/contract.ts'
import { connectionHref } from '../../connections/connection-href.ts'
import { formatShare } from '../../format/numbers.ts'
import { plural } from '../../format/plural.ts'
import { Bytes, BytesRate, Count, Rate } from '../../parts/figures.tsx'
import { limitSegments } from './limit-segments.ts'

/** Source → mirror → target: how much goes where, and which side the others wait for. */
export function FlowPicture({ job }: { readonly job: Job }) {
  const { figures } = job
  const limiting = figures?.limiting
  return (
    <section class="flow" aria-label="From source to target">
      <Side side="source" limiting={limiting} title="Source" name={job.source}>
        <Cluster cluster={job.sourceCluster} />
        <div>
          {plural(job.topics, 'topic')}, {plural(job.partitions.total, 'partition')}
        </div>
      </Side>
      <Arrow
        label="From the source"
        records={figures?.rates.recordsIn ?? null}
        bytes={figures?.rates.bytesIn ?? null}
      />
      <Side side="mirror" limiting={limiting} title="Mirror" name={job.name}>
        {figures ? (
          <>
            <div>
              In flight <Bytes value={figures.inFlightBytes} /> of <Bytes value={figures.inFlightLimit} />
            </div>
            <div>
              Memory <Bytes value={figures.memoryBytes} /> of <Bytes value={figures.memoryLimit} />
            </div>
            <LimitBar figures={figures} />
          </>
        ) : (
          <div>Does not run</div>
        )}
      </Side>
      <Arrow
        label="To the target"
        records={figures?.rates.recordsOut ?? null}
        bytes={figures?.rates.bytesOut ?? null}
      />
      <Side side="target" limiting={limiting} title="Target" name={job.target}>
        <Cluster cluster={job.targetCluster} />
        <div>
          {figures ? (
            <>
              <Count value={figures.records} /> records in this run
            </>
          ) : (
            'Nothing in this run'
          )}
        </div>
      </Side>
    </section>
  )
}

function Side({
  side,
  limiting,
  title,
  name,
  children
}: {
  readonly side: 'source' | 'mirror' | 'target'
  readonly limiting: LimitingSide | undefined
  readonly title: string
  readonly name: string
  readonly children: ComponentChildren
}) {
  const limits = limiting === side || (side === 'mirror' && limiting === 'rate limit')
  return (
    <div class={`flow-side ${limits ? 'limits' : ''}`}>
      <div class="flow-head">
        <h2>{title}</h2>
        {limits && <span class="tag degraded">{limiting === 'rate limit' ? 'Rate limit' : 'Limits'}</span>}
      </div>
      <div class="flow-name">{name}</div>
      <div class="flow-facts">{children}</div>
    </div>
  )
}

function Cluster({ cluster }: { readonly cluster: ClusterView | null }) {
  if (!cluster) return <div>Not connected yet</div>
  return (
    <div class="flow-address" title={`Cluster ${cluster.clusterId}, ${cluster.bootstrapServers}`}>
      {plural(cluster.brokers, 'broker')},{' '}
      {cluster.connection === null ? (
        cluster.bootstrapServers
      ) : (
        <a href={connectionHref(cluster.connection)}>{cluster.bootstrapServers}</a>
      )}
    </div>
  )
}

function Arrow({
  label,
  records,
  bytes
}: {
  readonly label: string
  readonly records: number | null
  readonly bytes: number | null
}) {
  return (
    <div class={`flow-arrow ${records !== null && records > 0 ? 'moves' : ''}`} role="group" aria-label={label}>
      <span class="flow-rate">
        <Rate value={records} />
      </span>
      <span class="flow-line" aria-hidden="true" />
      <span class="quiet-text">
        <BytesRate value={bytes} />
      </span>
    </div>
  )
}

/** How the workers spend their time: whoever has most of it is waited for. */
function LimitBar({ figures }: { readonly figures: JobFigures }) {
  const segments = limitSegments(figures.limitShares)
  const words = segments.map(({ label, share }) => `${label} ${formatShare(share)}`).join(', ')
  return (
    <div title="Of the workers' time in the last ten seconds">
      <div class="limit-bar" aria-hidden="true">
        {segments.map(({ side, share }) => (
          <span key={side} class={`limit-${side}`} style={{ flexGrow: String(share) }} />
        ))}
      </div>
      <div class="limit-words">{words}</div>
    </div>
  )
}
