/** One curve, or several. `$__rate_interval` and the variables `job` and `datasource` are Grafana's. */
export interface Query {
  readonly expr: string
  /** Grafana's template, such as `{{topic}}`. */
  readonly legend: string
}

export interface Panel {
  readonly title: string
  readonly description: string
  readonly kind: 'stat' | 'timeseries'
  /** https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  readonly unit: string
  readonly queries: readonly Query[]
  /** The curves are parts of a whole. */
  readonly stacking?: 'percent'
}

export interface PanelRow {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** What a dashboard of jobs shows, row by row. */
export const PANEL_ROWS: readonly PanelRow[] = [
  {
    title: 'Overview',
    panels: [
      stat('State', 'none', 'max by (state) (millrace_job_state{JOB}) == 1', 'What the job does now.', '{{state}}'),
      stat('Records', 'cps', rate('millrace_records_delivered_total'), 'Delivered and acknowledged.'),
      stat('Bytes', 'Bps', rate('millrace_bytes_delivered_total'), 'Keys and values, uncompressed.'),
      stat(
        'Lag',
        'short',
        'sum(millrace_lag_records{JOB})',
        'Offsets from what is delivered to the end of the source.'
      ),
      stat(
        'Catches up in',
        's',
        'sum(millrace_lag_records{JOB}) / -(sum(millrace_lag_change_records_per_second{JOB}) < 0)',
        'If the lag goes on to shrink as it does now; empty while it grows.'
      ),
      stat(
        'Stopped partitions',
        'short',
        'sum(millrace_partitions{JOB, state="stopped"})',
        'They wait for somebody to act.'
      )
    ]
  },
  {
    title: 'Throughput',
    panels: [
      series('Records by topic', 'cps', 'Delivered and acknowledged.', [
        [rate('millrace_records_delivered_total', 'topic'), '{{topic}}']
      ]),
      series('Bytes by topic', 'Bps', 'Keys and values, uncompressed.', [
        [rate('millrace_bytes_delivered_total', 'topic'), '{{topic}}']
      ]),
      series('Read and delivered', 'cps', 'What is read again after a failure counts again.', [
        [rate('millrace_records_read_total'), 'read'],
        [rate('millrace_records_delivered_total'), 'delivered'],
        [rate('millrace_records_undelivered_total', 'code'), 'not delivered, {{code}}']
      ])
    ]
  },
  {
    title: 'Lag',
    panels: [
      series('Lag by topic', 'short', 'Offsets from what is delivered to the end of the source.', [
        ['sum by (topic) (millrace_lag_records{JOB})', '{{topic}}']
      ]),
      series('Partitions with the most lag', 'short', 'The ten that are furthest behind.', [
        ['topk(10, sum by (topic, partition) (millrace_lag_records{JOB}))', '{{topic}}-{{partition}}']
      ]),
      series('Change of lag', 'cps', 'Below 0 the copy catches up.', [
        ['sum by (topic) (millrace_lag_change_records_per_second{JOB})', '{{topic}}']
      ])
    ]
  },
  {
    title: 'Latency and batches',
    panels: [
      series(
        'Replication latency',
        's',
        'From the timestamp of the first record of a batch to its delivery. Old records that are caught up have a high one.',
        quantiles('millrace_replication_latency_seconds')
      ),
      series(
        'Pipeline latency',
        's',
        'From fetched to delivered: the part that the mirror and the target have in it.',
        quantiles('millrace_pipeline_latency_seconds')
      ),
      series('Records in a batch', 'short', 'Large ones cost less a record.', quantiles('millrace_batch_records'))
    ]
  },
  {
    title: 'What limits the speed',
    panels: [
      {
        ...series('Limiting side', 'percentunit', 'What the time of the workers goes into; see docs/tuning.md.', [
          [rate('millrace_limited_seconds_total', 'side'), '{{side}}']
        ]),
        stacking: 'percent'
      },
      series('In flight', 'bytes', 'At the limit nothing is read until something is delivered.', [
        ['sum(millrace_in_flight_bytes{JOB})', 'in flight'],
        ['sum(millrace_in_flight_limit_bytes{JOB})', 'limit']
      ]),
      series('Event-loop delay (p99)', 's', 'How late JavaScript comes to its work.', [
        ['max by (process) (millrace_event_loop_delay_seconds{JOB, statistic="p99"})', '{{process}}']
      ])
    ]
  },
  {
    title: 'Memory and processes',
    panels: [
      series('Memory', 'bytes', 'Resident memory of all processes, and limits.memory.', [
        ['sum by (process) (millrace_memory_bytes{JOB})', '{{process}}'],
        ['sum(millrace_memory_bytes{JOB})', 'together'],
        ['max(millrace_memory_limit_bytes{JOB})', 'limit']
      ]),
      series('Restarts and rebalances', 'short', 'In the last interval.', [
        [increase('millrace_worker_restarts_total'), 'worker restarts'],
        [increase('millrace_rebalances_total', 'type'), 'partitions {{type}}'],
        [increase('millrace_producers_remade_total'), 'producers remade']
      ]),
      series('Partitions', 'short', 'By state.', [['sum by (state) (millrace_partitions{JOB})', '{{state}}']])
    ]
  },
  {
    title: 'Errors and progress',
    panels: [
      series('Errors', 'short', 'By code (docs/errors.md, or librdkafka), those that were overcome included.', [
        [increase('millrace_errors_total', 'code, cluster'), '{{cluster}} {{code}}']
      ]),
      series('Commits', 'cps', 'Of progress to the source group. A failed one is tried again with the next.', [
        [rate('millrace_commits_total', 'result'), '{{result}}']
      ]),
      series('Age of the checkpoint', 's', 'After a crash that much is copied again.', [
        ['max by (worker) (millrace_checkpoint_age_seconds{JOB})', 'worker {{worker}}']
      ])
    ]
  },
  {
    title: 'Brokers',
    panels: [
      series('Round trips (p99)', 's', 'Of requests; a fetch that waits for records is one, too.', [
        ['max by (cluster, broker) (millrace_broker_rtt_seconds{JOB, statistic="p99"})', '{{cluster}} {{broker}}']
      ]),
      series('Throttling', 's', 'How long a broker asks to wait because of a quota.', [
        [
          'max by (cluster, broker) (millrace_broker_throttle_seconds{JOB, statistic="average"})',
          '{{cluster}} {{broker}}'
        ]
      ]),
      series('Retries and disconnects', 'short', 'Requests sent again and connections lost, in the last interval.', [
        [increase('millrace_retries_total', 'cluster, broker'), 'retries {{cluster}} {{broker}}'],
        [increase('millrace_broker_disconnects_total', 'cluster, broker'), 'disconnects {{cluster}} {{broker}}']
      ])
    ]
  }
]

function stat(title: string, unit: string, expr: string, description: string, legend = title): Panel {
  return { title, description, kind: 'stat', unit, queries: [{ expr: ofJob(expr), legend }] }
}

function series(
  title: string,
  unit: string,
  description: string,
  queries: readonly (readonly [expr: string, legend: string])[]
): Panel {
  return {
    title,
    description,
    kind: 'timeseries',
    unit,
    queries: queries.map(([expr, legend]) => ({ expr: ofJob(expr), legend }))
  }
}

function rate(counter: string, by = ''): string {
  return `sum${by === '' ? '' : ` by (${by})`} (rate(${counter}{JOB}[$__rate_interval]))`
}

function increase(counter: string, by = ''): string {
  return `sum${by === '' ? '' : ` by (${by})`} (increase(${counter}{JOB}[$__rate_interval]))`
}

function quantiles(histogram: string): readonly (readonly [string, string])[] {
  return [0.5, 0.99, 0.999].map((quantile) => [
    `histogram_quantile(${quantile}, sum by (le) (rate(${histogram}_bucket{JOB}[$__rate_interval])))`,
    `p${quantile * 100}`
  ])
}

/** The jobs that are chosen at the top of the dashboard. */
function ofJob(expr: string): string {
  return expr.replaceAll('{JOB', '{millrace_job=~"$job"')
}
