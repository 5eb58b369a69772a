import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Connections } from '../../src/config/assign-connections.ts'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import type { JobConfig } from '../../src/config/job-config.ts'
import { loadJobConfig, loadJobText } from '../../src/config/load-job-config.ts'

const connections: Connections = new Map([
  [
    'kafka-a',
    {
      bootstrapServers: 'a-1:9092, a-2:9092',
      security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'mirror', password: '${file:/secrets/a}' },
      properties: { 'socket.keepalive.enable': true, 'client.rack': 'one' }
    }
  ],
  ['kafka-b', { bootstrapServers: 'b:9092', security: {}, properties: {} }],
  ['broken', { bootstrapServers: 'http://x', security: { protocol: 'SASL_SSL' }, properties: {} }]
])

const job = (source: string, target = 'connection: kafka-b') => `name: orders
source:
  ${source}
target:
  ${target}
topics:
  include: [orders]
`

const load = (text: string): JobConfig => loadJobText({ text, cwd: '/work', connections })

function problemsOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigErrors) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a connection in a job', () => {
  it('stands for address, security and properties, and its name stays', () => {
    const { source, target } = load(job('connection: kafka-a'))
    expect(source).toMatchObject({
      connection: 'kafka-a',
      bootstrapServers: 'a-1:9092,a-2:9092',
      security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'mirror', password: '${file:/secrets/a}' },
      properties: { 'socket.keepalive.enable': true, 'client.rack': 'one' }
    })
    expect(target).toMatchObject({ connection: 'kafka-b', bootstrapServers: 'b:9092' })
  })

  it('gives way to the job’s own properties, one by one', () => {
    const { source } = load(job('connection: kafka-a\n  properties: { client.rack: two, fetch.max.bytes: 1048576 }'))
    expect(source.properties).toEqual({
      'socket.keepalive.enable': true,
      'client.rack': 'two',
      'fetch.max.bytes': 1048576
    })
  })

  it('is refused beside an address or a security of its own, each at its place', () => {
    const both = job('connection: kafka-a\n  bootstrapServers: x:1\n  security: { protocol: SSL }')
    expect(problemsOf(() => load(both))).toEqual([
      expect.stringMatching(/^4:21: source\.bootstrapServers: is given, and so is source\.connection\. Choose one/),
      expect.stringMatching(/^5:25: source\.security\.protocol: is given, and so is source\.connection\. Choose one/)
    ])
  })

  it('that there is not is named at its place, with the nearest one', () => {
    expect(problemsOf(() => load(job('connection: kafka-aa')))).toEqual([
      '3:15: source.connection: names "kafka-aa", and there is no such connection. Did you mean kafka-a?'
    ])
  })

  it('that is wrong itself is named as the place of the mistake', () => {
    const problems = problemsOf(() => load(job('connection: broken')))
    expect(problems.join('\n')).toContain('connection broken: source.bootstrapServers: must be host:port')
    expect(problems.join('\n')).toContain('connection broken: source.security.mechanism: is required with SASL_SSL')
  })

  it('is refused by `run`, which has no connections, and nothing else is missing then', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'millrace-config-'))
    writeFileSync(join(cwd, 'job.yaml'), job('connection: kafka-a', 'bootstrapServers: b:1'))
    expect(problemsOf(() => loadJobConfig({ file: 'job.yaml', cwd }))).toEqual([
      'job.yaml:3:15: source.connection: names a connection, and only the job service has connections. ' +
        'Give this job to `millrace serve`, or write source.bootstrapServers and source.security instead.'
    ])
  })

  it('has a name that can be a file’s', () => {
    expect(problemsOf(() => load(job('connection: ../a')))[0]).toMatch(/^3:15: source\.connection: must be up to 100/)
  })
})

describe('a job as a text', () => {
  it('tells what is missing without a place, and what is wrong with line and column', () => {
    expect(problemsOf(() => load('topics:\n  includ: [a]\n'))).toEqual([
      '2:3: topics.includ: unknown option. Did you mean topics.include?',
      'name: is required and missing.',
      'source.bootstrapServers: is required and missing.',
      'target.bootstrapServers: is required and missing.',
      'topics.include: is required and missing.'
    ])
  })

  it('that is no YAML says where', () => {
    expect(problemsOf(() => load('name: [orders\n'))[0]).toMatch(/^\d+:\d+: /)
  })
})
