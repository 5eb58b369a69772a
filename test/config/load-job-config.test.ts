import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import type { JobConfig } from '../../src/config/job-config.ts'
import { loadJobConfig } from '../../src/config/load-job-config.ts'

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'millrace-config-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

const minimal = `name: orders
source:
  bootstrapServers: a:9092
target:
  bootstrapServers: b:9092
topics:
  include: [orders]
`

interface More {
  sets?: string[]
  env?: Record<string, string>
}

function load(text: string, more: More = {}): JobConfig {
  writeFileSync(join(cwd, 'job.yaml'), text)
  return loadJobConfig({ file: 'job.yaml', cwd, ...more })
}

function problemsOf(text: string, more: More = {}): string[] {
  try {
    load(text, more)
  } catch (error) {
    if (error instanceof ConfigErrors) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a configuration file', () => {
  it('gets every default', () => {
    expect(load(minimal)).toEqual({
      name: 'orders',
      source: {
        bootstrapServers: 'a:9092',
        groupId: 'orders',
        security: { protocol: 'PLAINTEXT', verifyHostname: true },
        properties: {}
      },
      target: {
        bootstrapServers: 'b:9092',
        accept: [],
        security: { protocol: 'PLAINTEXT', verifyHostname: true },
        properties: {}
      },
      topics: {
        include: ['orders'],
        exclude: [],
        targetName: '#{source_Topic_name}',
        overrides: {},
        create: { partitions: 'auto', replicationFactor: -1, grow: true, configs: {} },
        discoveryIntervalMs: 30_000,
        settings: {}
      },
      partitions: 'same',
      onLoss: 'stop',
      start: { from: 'earliest' },
      stop: { at: 'never' },
      limits: { memory: 512 * 1024 * 1024, rate: {} },
      workers: 'auto',
      restarts: { most: 20, windowMs: 3_600_000 },
      stateDir: join(cwd, '.millrace/orders'),
      checkpoint: { intervalMs: 5_000, drainTimeoutMs: 30_000 },
      log: { level: 'info', format: 'text', maxSizeBytes: 50_000_000, maxFiles: 5 },
      http: {},
      metrics: { intervalMs: 15_000, maxPartitions: 1000 },
      onBadRecord: 'stop',
      deadLetter: { topic: 'orders-dead-letter' },
      traces: { ratio: 0.01, always: [], failed: true, maxLinks: 16 },
      otlp: { headers: {} }
    } satisfies JobConfig)
  })

  it('may be JSON, with tabs and a byte order mark', () => {
    const json = `\uFEFF{\n\t"name": "orders",\n\t"source": {"bootstrapServers": "a:9092"},\n\t"target": {"bootstrapServers": "b:9092"},\n\t"topics": {"include": ["orders"]}\n}`
    expect(load(json)).toEqual(load(minimal))
  })

  it('takes properties as a map and each by itself, under the names of librdkafka', () => {
    const config = load(
      minimal.replace(
        '  bootstrapServers: a:9092',
        '  bootstrapServers: a:9092\n  properties.fetch.max.bytes: 16777216\n  properties: { client.rack: 01, max.partition.fetch.bytes: 1000 }'
      )
    )
    expect(config.source.properties).toEqual({
      'fetch.max.bytes': 16777216,
      'client.rack': '01',
      'fetch.message.max.bytes': 1000
    })
  })

  it('keeps a password as it was written, although YAML would take it for a number or a truth', () => {
    for (const password of ['0123', '1e3', 'true', '0x10', '1_000']) {
      const login = `{ protocol: SASL_SSL, mechanism: PLAIN, username: 007, password: ${password} }`
      const { security } = load(minimal.replace('source:', `source:\n  security: ${login}`)).source
      expect(security).toMatchObject({ username: '007', password })
    }
  })

  it('keeps names that JavaScript objects have already', () => {
    const text = minimal + '  overrides: { __proto__: a, constructor: b, a.b.c: d }\n'
    const { overrides } = load(text).topics
    expect(Object.entries(overrides)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['a.b.c', 'd']
    ])
  })

  it('reads what becomes of bad records, for the job and by topic', () => {
    const text =
      minimal +
      '  settings: { a.b: { onBadRecord: skip } }\nonBadRecord: dead-letter\ndeadLetter: { file: dead.jsonl }\n'
    const { onBadRecord, deadLetter, topics } = load(text)
    expect(onBadRecord).toBe('dead-letter')
    expect(deadLetter).toEqual({ file: join(cwd, 'dead.jsonl') })
    expect(topics.settings).toEqual({ 'a.b': { onBadRecord: 'skip' } })
  })

  it('reads offsets, times, stops and settings into their final form', () => {
    const config = load(
      minimal +
        '  settings: { a.b: { onLoss: continue }, c: { transactional: false } }\n' +
        'start: { from: offsets, offsets: { orders: { 0: 42, 7: 9007199254740991 } } }\n' +
        'stop: { at: 2026-01-31T12:00:00+02:00 }\nlimits: { memory: 1.5GiB }\nworkers: 3\nstateDir: state\n'
    )
    expect(config.start).toEqual({ from: 'offsets', offsets: { orders: { 0: 42, 7: 9007199254740991 } } })
    expect(config.stop).toEqual({ at: 'time', time: Date.UTC(2026, 0, 31, 10) })
    expect(config.topics.settings).toEqual({ 'a.b': { onLoss: 'continue' }, c: { transactional: false } })
    expect(config).toMatchObject({ limits: { memory: 1.5 * 2 ** 30 }, workers: 3, stateDir: join(cwd, 'state') })
  })

  it('follows anchors, and says where an unknown one is', () => {
    const text = minimal.replace('include: [orders]', 'include: &all [orders]\n  exclude: *all')
    expect(load(text).topics.exclude).toEqual(['orders'])
    expect(problemsOf('name: *nobody')).toEqual(['job.yaml:1:7: no anchor &nobody.'])
  })

  // Two seconds within the whole suite, above five on a full machine; unfolded, it would be 4^18 nodes.
  it('is not eaten by anchors that multiply', { timeout: 30_000 }, () => {
    const levels = Array.from({ length: 18 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}, *l${i}]`)
    const problems = problemsOf(`l0: &l0 [a]\n${levels.join('\n')}\n`)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('too large')
  })
})

describe('precedence', () => {
  const layers = { file: 'file', env: 'env', flag: 'flag' }
  it('is flag over environment over file over default, for any combination', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(layers)), (given) => {
        const text = given.includes('file') ? minimal.replace('source:', 'source:\n  groupId: file') : minimal
        const config = load(text, {
          env: given.includes('env') ? { MILLRACE_SOURCE_GROUP_ID: 'env' } : {},
          sets: given.includes('flag') ? ['source.groupId=flag'] : []
        })
        expect(config.source.groupId).toBe(given.at(-1) ?? 'orders')
      })
    )
  })

  it('works entry by entry in maps, also when one layer says it in Java’s words', () => {
    const text = minimal.replace(
      '  bootstrapServers: b:9092',
      '  bootstrapServers: b:9092\n  properties.compression.type: lz4'
    )
    const config = load(text, {
      env: { MILLRACE_TARGET_PROPERTIES: '{ client.rack: r1 }', MILLRACE_TARGET_PROPERTIES_BATCH_SIZE: '1000' },
      sets: ['target.properties.compression.codec=zstd']
    })
    expect(config.target.properties).toEqual({ 'compression.codec': 'zstd', 'client.rack': 'r1', 'batch.size': 1000 })
  })

  it('lets a right value above excuse a wrong one below', () => {
    expect(load(minimal + 'workers: many\n', { sets: ['workers=2'] }).workers).toBe(2)
  })

  it('lets the last of two flags win', () => {
    expect(load(minimal, { sets: ['workers=2', 'workers=3'] }).workers).toBe(3)
  })

  it('takes an empty variable for none', () => {
    expect(load(minimal, { env: { MILLRACE_WORKERS: '' } }).workers).toBe('auto')
  })
})

describe('a flag', () => {
  it('sets every kind of leaf', () => {
    const config = load(minimal, {
      sets: [
        'topics.include=[orders, "/^pay-/"]',
        'topics.overrides.a.b.c=d',
        'topics.settings.x.y.onLoss=continue',
        'start.from=offsets',
        'start.offsets.a.b.7=42',
        'start.offsets={c: {0: 1}}',
        'topics.create.configs.retention.ms=10',
        'source.properties.client.id=a=b'
      ]
    })
    expect(config.topics).toMatchObject({
      include: ['orders', '/^pay-/'],
      overrides: { 'a.b.c': 'd' },
      settings: { 'x.y': { onLoss: 'continue' } },
      create: { configs: { 'retention.ms': '10' } }
    })
    expect(config.start).toEqual({ from: 'offsets', offsets: { 'a.b': { 7: 42 }, c: { 0: 1 } } })
    expect(config.source.properties).toEqual({ 'client.id': 'a=b' })
  })

  it('is enough, without any file', () => {
    const sets = ['name=x', 'source.bootstrapServers=a', 'target.bootstrapServers=b', 'topics.include=orders']
    expect(loadJobConfig({ sets, cwd }).topics.include).toEqual(['orders'])
  })

  it.each([
    ['workers', '--set workers: must be key=value. For instance --set stop.at=end.'],
    ['wrokers=2', '--set wrokers: unknown option. Did you mean workers?'],
    ['source.security=x', /^--set source\.security: is a section\. Set one of source\.security\.protocol, /],
    ['workers.x=2', '--set workers.x: workers has no options of its own.'],
    ['workers=-1', '--set workers: must be between 1 and 256, not -1.'],
    ['topics.include=[a', /^--set topics\.include: not YAML: /],
    ['start.offsets.a=1', '--set start.offsets.a: must be a map, not a scalar.'],
    ['constructor=1', /^--set constructor: unknown option/],
    ['__proto__.x=1', /^--set __proto__\.x: unknown option/]
  ])('--set %s is refused by name', (set, expected) => {
    const problems = problemsOf(minimal, { sets: [set] })
    expect(problems).toHaveLength(1)
    if (typeof expected === 'string') expect(problems[0]).toBe(expected)
    else expect(problems[0]).toMatch(expected)
  })
})

describe('a variable', () => {
  it('that looks like a mistyped one is refused', () => {
    expect(problemsOf(minimal, { env: { MILLRACE_WORKER: '2' } })).toEqual([
      'MILLRACE_WORKER: no option has this variable. Did you mean MILLRACE_WORKERS?'
    ])
  })

  it('of Kubernetes is left alone', () => {
    const env = {
      MILLRACE_SERVICE_HOST: '10.0.0.1',
      MILLRACE_PORT_9090_TCP: 'tcp://10.0.0.1:9090',
      MILLRACE_TEST_CACHE: '/x'
    }
    expect(problemsOf(minimal, { env })).toEqual([])
  })

  it('is named when its value is wrong', () => {
    expect(problemsOf(minimal, { env: { MILLRACE_LIMITS_MEMORY: '512Mi' } })).toEqual([
      'MILLRACE_LIMITS_MEMORY: limits.memory: must be a size such as 512MiB, not "512Mi".'
    ])
  })
})

describe('mistakes', () => {
  it('are told all at once, in the order of the file, each with line and column', () => {
    const text = `name: orders
source:
  bootstrapServer: a:9092
  securty: {}
target:
  bootstrapServers: b:9092
  properties.compression.type: lz5
topics:
  include: [orders, '/(a/']
partitions: smae
workers: 0
`
    const [bootstrap, securty, codec, pattern, policy, workers, missing, ...rest] = problemsOf(text)
    expect(bootstrap).toBe(
      'job.yaml:3:3: source.bootstrapServer: unknown option. Did you mean source.bootstrapServers?'
    )
    expect(securty).toBe('job.yaml:4:3: source.securty: unknown option. Did you mean source.security?')
    expect(codec).toMatch(/^job\.yaml:7:32: target\.properties\.compression\.type: .* Did you mean lz4\?$/)
    expect(pattern).toMatch(/^job\.yaml:9:21: topics\.include: /)
    expect(policy).toBe('job.yaml:10:13: partitions: must be one of same, zero, sticky, not "smae". Did you mean same?')
    expect(workers).toBe('job.yaml:11:10: workers: must be between 1 and 256, not 0.')
    expect(missing).toBe('job.yaml: source.bootstrapServers: is required and missing.')
    expect(rest).toEqual([])
  })

  it('points at the line wherever it stands', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(8), (lines, spaces) => {
        const text = `${'# comment\n'.repeat(lines)}${minimal}workers:${' '.repeat(spaces + 1)}many\n`
        const line = lines + minimal.split('\n').length
        expect(problemsOf(text)[0]).toMatch(`job.yaml:${line}:${spaces + 10}: workers: `)
      })
    )
  })

  it.each([
    ['an unreadable file', 'name: [', /^job\.yaml:1:8: /],
    ['two documents', 'name: a\n---\nname: b\n', /^job\.yaml:2:1: must be one document\.$/],
    ['a key given twice', 'name: a\nname: b\n', /^job\.yaml:2:1: map keys must be unique\.$/],
    ['a file that is a list', '- a\n', /^job\.yaml:1:1: must be a section/],
    ['a file that is a word', 'hello\n', /^job\.yaml:1:1: must be a section/],
    ['an empty file', '', /^job\.yaml: name: is required and missing\.$/]
  ])('are told of %s', (_, text, expected) => {
    expect(problemsOf(text)[0]).toMatch(expected)
  })

  it('are told of a file that is not there, and of nothing else', () => {
    expect(() => loadJobConfig({ file: 'nowhere.yaml', cwd })).toThrow(/^nowhere\.yaml: no such file\.$/)
  })

  it('never repeat a secret', () => {
    const secret = 'hunter2'
    const texts = [
      `${minimal}log: { password: ${secret} }\n`,
      minimal.replace('a:9092', `http://user:${secret}@a:9092`),
      minimal.replace('source:', `source:\n  security: { password: ${secret} }`),
      minimal.replace('source:', `source:\n  security: { password: [${secret}] }`),
      minimal.replace('source:', `source:\n  properties: { sasl.jaas.config: 'Plain required password=${secret}' }`),
      minimal.replace('source:', `source:\n  properties: { ssl.truststore.password: ${secret} }`),
      minimal.replace('source:', `source:\n  properties: { sasl.pasword: ${secret} }`),
      `${minimal}password: "${secret}\n`
    ]
    for (const text of texts) {
      const problems = problemsOf(text)
      expect(problems).not.toEqual([])
      expect(problems.join('\n')).not.toContain(secret)
    }
  })

  it('are never a crash, whatever is in the file', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('name', 'source', 'topics', 'start', 'stop', 'workers'),
        (value, key) => {
          // Never a whole job, so there is always something to say.
          expect(problemsOf(JSON.stringify({ [key]: value }))).not.toEqual([])
        }
      )
    )
  })

  it.each([
    ['start: { time: 2026-01-01T00:00:00Z }', 'start.time: is for start.from: timestamp only'],
    ['start: { from: timestamp }', 'start.time: is required with start.from: timestamp'],
    ['start: { from: offsets }', 'start.offsets: is required'],
    ['start: { from: latest, offsets: { a: { 0: 1 } } }', 'start.offsets: is for start.from: offsets only'],
    ['start: { from: offsets, offsets: { a: { x: 1 } } }', 'start.offsets.a.x: must be the number of a partition'],
    ['start: { from: offsets, offsets: { a: { 0: -1 } } }', 'start.offsets.a.0: must be at least 0'],
    ['start: { from: offsets, offsets: { a: [1] } }', 'start.offsets.a: must be a map'],
    ['start: { from: timestamp, time: 1767225600000 }', 'start.time: must be a time with zone'],
    ['start: { from: timestamp, time: 2026-01-01T00:00:00 }', 'start.time: must be a time with zone'],
    ['stop: end', 'stop: must be a section'],
    ['name: [a]', 'name: '],
    ['checkpoint: { interval: 5 }', 'checkpoint.interval: must be between 100 and 600000 ms, not 5'],
    ['log: { level: verbose }', 'log.level: must be one of error, warn, info, debug']
  ])('in %s are told', (line, expected) => {
    const text = line.startsWith('name') ? minimal.replace('name: orders', line) : `${minimal}${line}\n`
    expect(problemsOf(text).join('\n')).toContain(expected)
  })

  it.each([
    ['{ protocol: SASL_SSL }', 'mechanism: is required with SASL_SSL'],
    ['{ protocol: SASL_SSL, mechanism: PLAIN, username: a }', 'password: is required with PLAIN'],
    [
      '{ mechanism: PLAIN }',
      'mechanism: needs SASL, and source.security.protocol is PLAINTEXT. Set source.security.protocol: SASL_PLAINTEXT'
    ],
    ['{ caFile: ca.pem }', 'caFile: needs SSL'],
    ['{ protocol: SSL, keyFile: a }', 'certificateFile: is required with keyFile'],
    ['{ protocol: SSL, keyPassword: a }', 'keyFile: is required with keyPassword'],
    ['{ protocol: sasl_ssl }', 'Did you mean SASL_SSL?'],
    ['{ protocol: SASL_SSL, mechanism: GSSAPI }', 'GSSAPI and OAUTHBEARER are set with properties'],
    ["{ protocol: SASL_SSL, mechanism: PLAIN, username: a, password: '${vault:x}' }", '${vault:…} is no reference']
  ])('in security %s are told', (security, expected) => {
    const text = minimal.replace('source:', `source:\n  security: ${security}`)
    expect(problemsOf(text).join('\n')).toContain(expected)
  })

  it('of a map point at its first value', () => {
    const text = `${minimal}start:\n  offsets:\n    a: { 0: 1 }\n    b: { 0: 1 }\n`
    const line = text.split('\n').findIndex((one) => one.includes('a: {')) + 1
    expect(problemsOf(text)).toEqual([
      `job.yaml:${line}:13: start.offsets: is for start.from: offsets only, and start.from is earliest.`
    ])
  })

  it('of one option given twice in other words name both places', () => {
    const text = minimal.replace(
      'source:',
      'source:\n  security: { protocol: SSL }\n  properties.security.protocol: SSL'
    )
    expect(problemsOf(text)).toEqual(['job.yaml:4:33: source.security.protocol: is given at job.yaml:3:25 already.'])
  })
})

describe('Java’s way to log in', () => {
  it('becomes the security section', () => {
    const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="${env:P}";'
    const properties = `{ security.protocol: SASL_SSL, sasl.mechanism: SCRAM-SHA-512, sasl.jaas.config: '${jaas}' }`
    const { source } = load(minimal.replace('source:', `source:\n  properties: ${properties}`))
    expect(source.properties).toEqual({})
    expect(source.security).toEqual({
      protocol: 'SASL_SSL',
      mechanism: 'SCRAM-SHA-512',
      username: 'u',
      password: '${env:P}',
      verifyHostname: true
    })
  })

  it('with Kerberos stays in properties', () => {
    const properties = '{ sasl.mechanism: GSSAPI, sasl.kerberos.service.name: kafka }'
    const text = minimal.replace('source:', `source:\n  security.protocol: x\n  properties: ${properties}`)
    expect(problemsOf(text)[0]).toContain('source.security.protocol: unknown option')
    const right = text.replace('security.protocol: x', 'security: { protocol: SASL_PLAINTEXT }')
    expect(load(right).source.properties).toEqual({
      'sasl.mechanisms': 'GSSAPI',
      'sasl.kerberos.service.name': 'kafka'
    })
    expect(problemsOf(right.replace('SASL_PLAINTEXT', 'SSL'))[0]).toContain('needs SASL')
  })
})
