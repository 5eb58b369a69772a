import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOfPropertyVariable, translateProperty } from '../../src/client/properties.ts'
import { propertiesOfLibrdkafka } from '../../src/client/properties-of-librdkafka.ts'

function assigned(side: 'source' | 'target', name: string, value: string | number | boolean): [string, unknown][] {
  const translation = translateProperty(side, name, value)
  if ('problem' in translation) throw new Error(translation.problem)
  return translation.assign.map(([path, assignedValue]) => [path.join('/'), assignedValue])
}

function refusal(side: 'source' | 'target', name: string, value: string | number | boolean = 'x'): string {
  const translation = translateProperty(side, name, value)
  if ('problem' in translation) return `${translation.problem}. ${translation.next ?? ''}`
  throw new Error(`${name} was accepted`)
}

describe('a property', () => {
  it.each([
    ['source', 'fetch.max.bytes', '16777216', 'properties/fetch.max.bytes', 16777216],
    ['source', 'max.partition.fetch.bytes', '1000', 'properties/fetch.message.max.bytes', 1000],
    ['source', 'fetch.max.wait.ms', '10', 'properties/fetch.wait.max.ms', 10],
    ['source', 'request.timeout.ms', '1000', 'properties/socket.timeout.ms', 1000],
    ['target', 'request.timeout.ms', '1000', 'properties/request.timeout.ms', 1000],
    ['target', 'compression.type', 'lz4', 'properties/compression.codec', 'lz4'],
    ['target', 'compression.zstd.level', '3', 'properties/compression.level', 3],
    ['target', 'batch.size', '1000', 'properties/batch.size', 1000],
    ['target', 'linger.ms', '0.5', 'properties/queue.buffering.max.ms', 0.5],
    ['target', 'acks', 'all', 'properties/request.required.acks', -1],
    ['target', 'socket.keepalive.enable', 'true', 'properties/socket.keepalive.enable', true],
    ['source', 'security.protocol', 'sasl_ssl', 'security/protocol', 'SASL_SSL'],
    ['source', 'sasl.mechanism', 'SCRAM-SHA-256', 'security/mechanism', 'SCRAM-SHA-256'],
    ['source', 'sasl.mechanism', 'GSSAPI', 'properties/sasl.mechanisms', 'GSSAPI'],
    ['source', 'sasl.mechanisms', 'OAUTHBEARER', 'properties/sasl.mechanisms', 'OAUTHBEARER'],
    ['source', 'ssl.ca.location', '/ca.pem', 'security/caFile', '/ca.pem'],
    ['source', 'ssl.truststore.certificates', 'PEM', 'properties/ssl.ca.pem', 'PEM'],
    ['source', 'ssl.endpoint.identification.algorithm', '', 'security/verifyHostname', 'false'],
    ['source', 'ssl.keystore.location', '/a.p12', 'properties/ssl.keystore.location', '/a.p12'],
    ['source', 'sasl.password', '0123', 'security/password', '0123']
  ] as const)('of the %s: %s=%s', (side, name, value, path, expected) => {
    expect(assigned(side, name, value)).toEqual([[path, expected]])
  })

  it.each([
    ['source', 'bootstrap.servers', 'bootstrapServers'],
    ['source', 'group.id', 'source.groupId'],
    ['source', 'group.instance.id', 'group settings'],
    ['source', 'session.timeout.ms', 'group settings'],
    ['source', 'auto.offset.reset', 'start.from'],
    ['source', 'enable.auto.commit', 'only what the target has confirmed'],
    ['source', 'isolation.level', 'committed records only'],
    ['source', 'plugin.library.paths', 'foreign code'],
    ['source', 'ssl.engine.location', 'foreign code'],
    ['source', 'ssl.engine.anything', 'foreign code'],
    ['source', 'ssl.providers', 'foreign code'],
    ['source', 'sasl.kerberos.kinit.cmd', 'shell'],
    ['source', 'test.mock.num.brokers', 'test double'],
    ['source', 'interceptors', 'foreign code'],
    ['source', 'interceptor.classes', 'Java client'],
    ['source', 'rebalance_cb', 'callback'],
    ['target', 'dr_msg_cb', 'callback'],
    ['target', 'transactional.id', 'delivery mode'],
    ['target', 'delivery.timeout.ms', 'leaves a gap'],
    ['target', 'message.timeout.ms', 'leaves a gap'],
    ['target', 'retries', 'leaves a gap'],
    ['target', 'partitioner.class', 'partition'],
    ['target', 'buffer.memory', 'limits.memory'],
    ['target', 'key.serializer', 'bytes'],
    ['source', 'max.poll.records', 'Java client only'],
    ['source', 'ssl.truststore.location', 'security.caFile'],
    ['source', 'ssl.keystore.type', 'PKCS#12'],
    ['source', 'sasl.login.callback.handler.class', 'Java client'],
    ['source', 'compression.type', 'producers'],
    ['target', 'fetch.min.bytes', 'consumers'],
    ['source', 'fetch.max.byte', 'Did you mean fetch.max.bytes?'],
    ['source', 'FETCH_MAX_BYTES', 'Did you mean fetch.max.bytes?'],
    ['source', '__proto__', 'neither'],
    ['source', 'constructor', 'neither']
  ] as const)('of the %s is refused with the reason: %s', (side, name, reason) => {
    expect(refusal(side, name)).toContain(reason)
  })

  it.each([
    ['target', 'acks', '1', 'loses records'],
    ['target', 'request.required.acks', '0', 'loses records'],
    ['target', 'enable.idempotence', 'false', 'duplicates'],
    ['target', 'max.in.flight', '6', 'more than 5'],
    ['source', 'fetch.queue.backoff.ms', '0', 'at least 1'],
    ['source', 'sasl.kerberos.principal', 'a; rm -rf /', 'shell command'],
    ['source', 'sasl.kerberos.keytab', '$(id)', 'shell command'],
    ['source', 'ssl.keystore.location', 'store.jks', 'PKCS#12'],
    ['source', 'fetch.max.bytes', '1MiB', 'whole number'],
    ['source', 'fetch.max.bytes', '-1', 'between 0 and'],
    ['target', 'socket.keepalive.enable', 'yes', 'true or false'],
    ['target', 'compression.type', 'lz5', 'Did you mean lz4?']
  ] as const)('of the %s is refused for its value: %s=%s', (side, name, value, reason) => {
    expect(refusal(side, name, value)).toContain(reason)
  })

  it('is one of librdkafka or refused, never dropped and never a crash', () => {
    const names = fc.oneof(fc.constantFrom(...Object.keys(propertiesOfLibrdkafka)), fc.string())
    const values = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    fc.assert(
      fc.property(fc.constantFrom('source' as const, 'target' as const), names, values, (side, name, value) => {
        const translation = translateProperty(side, name, value)
        if ('problem' in translation) {
          expect(translation.problem).not.toBe('')
          return
        }
        expect(translation.assign).not.toEqual([])
        for (const [[section, property = '']] of translation.assign) {
          expect(section === 'security' || Object.hasOwn(propertiesOfLibrdkafka, property)).toBe(true)
        }
      }),
      { numRuns: 1000 }
    )
  })

  it('has one name only: what comes out is no alias', () => {
    const translations = Object.keys(propertiesOfLibrdkafka).flatMap((name) => {
      return ['1', 'true', 'none'].map((value) => translateProperty('target', name, value))
    })
    const names = translations.flatMap((translation) => ('problem' in translation ? [] : translation.assign))
    const properties = names.filter(([[section]]) => section === 'properties').map(([[, name = '']]) => name)
    expect(properties.length).toBeGreaterThan(20)
    expect(properties.filter((name) => propertiesOfLibrdkafka[name]?.aliasOf !== undefined)).toEqual([])
  })
})

describe('sasl.jaas.config', () => {
  const module = 'org.apache.kafka.common.security'
  it.each([
    [`${module}.plain.PlainLoginModule required username="u" password="p\\"w;= x";`, 'u', 'p"w;= x'],
    [`${module}.scram.ScramLoginModule required\n  username=u\n  password='p'`, 'u', "'p'"],
    [`ScramLoginModule required tokenauth="true" password="\${file:/p}" username="a b" ;`, 'a b', '${file:/p}']
  ])('%s', (config, username, password) => {
    expect(Object.fromEntries(assigned('source', 'sasl.jaas.config', config))).toEqual({
      'security/username': username,
      'security/password': password
    })
  })

  it('reads back any user and password', () => {
    const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\n\r\u2028\u2029]/.test(value))
    fc.assert(
      fc.property(text, text, (username, password) => {
        const config = `PlainLoginModule required username=${quote(username)} password=${quote(password)};`
        expect(assigned('source', 'sasl.jaas.config', config)).toEqual([
          ['security/username', username],
          ['security/password', password]
        ])
      })
    )
  })

  it('of Kerberos becomes properties', () => {
    const config =
      'com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab="/k.tab" principal="m@R";'
    expect(assigned('source', 'sasl.jaas.config', config)).toEqual([
      ['properties/sasl.kerberos.principal', 'm@R'],
      ['properties/sasl.kerberos.keytab', '/k.tab']
    ])
  })

  it('can not bring a shell command in through Kerberos', () => {
    const config = 'Krb5LoginModule required principal="a; touch /tmp/x";'
    expect(refusal('source', 'sasl.jaas.config', config)).toContain('shell')
  })

  it.each(['', 'nonsense', 'a.B required x', 'com.example.Custom required a="b";'])('%j is refused', (config) => {
    expect(refusal('source', 'sasl.jaas.config', config)).not.toBe('')
  })

  it('is read in linear time', () => {
    const started = performance.now()
    refusal('source', 'sasl.jaas.config', `a required ${' a=b'.repeat(20_000)} !`)
    refusal('source', 'sasl.jaas.config', `a required a="${'\\'.repeat(50_000)}`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('the end of a variable’s name', () => {
  it('finds every property again', () => {
    for (const name of Object.keys(propertiesOfLibrdkafka)) {
      expect(keyOfPropertyVariable(name.toUpperCase().replace(/[._]/g, '_'))).toBe(name)
    }
  })
})
