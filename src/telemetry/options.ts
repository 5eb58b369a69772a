export const logOptions = {
  level: {
    doc: 'How much to log. SIGUSR2 switches a running job to debug and back.',
    format: ['error', 'warn', 'info', 'debug'],
    default: 'info'
  },
  format: {
    doc: 'How a line is written: text for people, json for programs (one object a line).',
    format: ['text', 'json'],
    default: 'text'
  },
  file: {
    doc: 'File to log into, instead of stderr. It is rotated; errors of the command itself go to stderr all the same.',
    format: 'text',
    default: null,
    example: '/var/log/millrace/orders-to-dr.log'
  },
  maxSize: {
    doc: 'Size at which `log.file` is rotated.',
    format: 'size',
    default: 50_000_000,
    defaultDoc: '50MB',
    min: 100_000,
    max: 10_000_000_000
  },
  maxFiles: { doc: 'How many rotated files are kept.', format: 'count', default: 5, min: 1, max: 1_000 }
} as const

export const httpOptions = {
  listen: {
    doc:
      'Address for /metrics (Prometheus), /healthz and /readyz, as host:port; port 0: any free one. None: nothing ' +
      'listens. There is no login: keep it on loopback or in a private network.',
    format: 'text',
    default: null,
    example: '127.0.0.1:9464',
    check: checkListen
  }
} as const

const exportOption = (signal: 'metrics' | 'traces') =>
  ({
    doc: `Where ${signal} are sent: otlp (see \`otlp\`), or none.`,
    format: ['none', 'otlp'],
    default: null,
    defaultDoc:
      'otlp where `otlp.endpoint` or a variable of OpenTelemetry (OTEL_EXPORTER_OTLP_ENDPOINT …) asks for it, else none'
  }) as const

export const metricsOptions = {
  export: exportOption('metrics'),
  interval: {
    doc: 'How often metrics are sent by OTLP.',
    format: 'duration',
    default: 15_000,
    min: 1_000,
    max: 600_000
  },
  maxPartitions: {
    doc:
      'Up to so many partitions have series of their own. With more the series are by topic, with more topics than ' +
      'that they are sums.',
    format: 'count',
    default: 1_000,
    min: 0,
    max: 100_000
  }
} as const

export const tracesOptions = {
  export: exportOption('traces'),
  ratio: {
    doc: 'Share of the batches that are traced, from 0 to 1.',
    format: 'ratio',
    default: 0.01,
    min: 0,
    max: 1
  },
  always: {
    doc:
      'What is traced whatever the ratio: a source topic (orders), a partition (orders-7), an offset or a range of ' +
      'offsets (orders-7@123456, orders-7@1000..2000).',
    format: 'list',
    default: [],
    example: '[orders-7@123456]',
    of: { doc: 'What is traced.', format: 'text', default: null, check: checkTraceTarget }
  },
  slowerThan: {
    doc: 'Batches that took longer than this from fetched to delivered are traced, too.',
    format: 'duration',
    default: null,
    example: '5s',
    min: 1,
    max: 86_400_000
  },
  failed: { doc: 'Batches that were not delivered are traced, too.', format: 'flag', default: true },
  maxLinks: {
    doc: 'Links of a batch to the trace contexts that its records carry (`traceparent`): so many records are looked at.',
    format: 'count',
    default: 16,
    min: 0,
    max: 128
  }
} as const

export const otlpOptions = {
  endpoint: {
    doc: 'Collector to send to. With http protocols /v1/metrics and /v1/traces are added.',
    format: 'text',
    default: null,
    defaultDoc: 'OTEL_EXPORTER_OTLP_ENDPOINT, else localhost',
    example: 'http://otel-collector:4318',
    check: checkEndpoint
  },
  protocol: {
    doc: 'How to send.',
    format: ['http/protobuf', 'http/json', 'grpc'],
    default: null,
    defaultDoc: 'OTEL_EXPORTER_OTLP_PROTOCOL, else http/protobuf'
  },
  headers: {
    doc: 'Headers to send with, such as an API key. Values may be references, ${file:PATH} or ${env:NAME}.',
    format: 'map',
    default: [],
    example: "{ x-api-key: '${file:/run/secrets/otlp}' }",
    checkKey: (name: string) => {
      return /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? undefined : { problem: 'must be the name of an HTTP header' }
    },
    of: { doc: 'Value of the header.', format: 'text', default: null, sensitive: true }
  }
} as const

function checkListen(listen: string): { problem: string; next: string } | undefined {
  const port = Number(/^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(listen)?.[1] ?? Number.NaN)
  if (port <= 65_535) return undefined
  return { problem: 'must be host:port', next: 'For instance 127.0.0.1:9464.' }
}

function checkEndpoint(endpoint: string): { problem: string; next: string } | undefined {
  const protocol = URL.canParse(endpoint) ? new URL(endpoint).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return undefined
  return { problem: 'must be a URL with http or https', next: 'For instance http://127.0.0.1:4318.' }
}

function checkTraceTarget(target: string): { problem: string; next: string } | undefined {
  const match = /^[A-Za-z0-9._-]+(?:-\d+@(\d{1,16})(?:\.\.(\d{1,16}))?)?$/.exec(target)
  if (match !== null && Number(match[1] ?? 0) <= Number(match[2] ?? Number.MAX_SAFE_INTEGER)) return undefined
  return {
    problem: 'must be a topic, a partition or a range of its offsets',
    next: 'For instance orders, orders-7, orders-7@123456 or orders-7@1000..2000.'
  }
}
