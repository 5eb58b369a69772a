import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterConfig } from '../../src/config/job-config.ts'
import { resolveHeaders, resolveSecrets } from '../../src/config/resolve-secrets.ts'

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'millrace-secrets-'))
  writeFileSync(join(cwd, 'secret'), 's3cret \n\n')
  writeFileSync(join(cwd, 'empty'), '\n')
})
afterAll(() => rmSync(cwd, { recursive: true }))

const cluster = (password: string, config = 'x'): ClusterConfig => ({
  bootstrapServers: 'a:9092',
  security: { protocol: 'SASL_SSL', mechanism: 'PLAIN', username: 'u', password, verifyHostname: true },
  properties: { 'sasl.oauthbearer.config': config, 'fetch.max.bytes': 1 }
})

describe('secret references', () => {
  it('are replaced by file and variable, also inside a text; one line break goes', () => {
    const before = cluster('${file:secret}', 'a=${env:A} b=${env:B}')
    const resolved = resolveSecrets('source', before, { env: { A: '1', B: '$&${env:A}' }, cwd })
    expect(resolved.security.password).toBe('s3cret \n')
    expect(resolved.properties).toEqual({ 'sasl.oauthbearer.config': 'a=1 b=$&${env:A}', 'fetch.max.bytes': 1 })
    expect(before.security.password).toBe('${file:secret}')
  })

  it('leave a literal password as it is', () => {
    const literal = 'pa$$w{o}rd${x}'
    expect(resolveSecrets('source', cluster(literal), { env: {}, cwd }).security.password).toBe(literal)
  })

  it('that lead nowhere are told, all of them, with the option', () => {
    const config = cluster('${file:nowhere}', '${env:NOT_SET} ${file:empty}')
    expect(() => resolveSecrets('target', config, { env: {}, cwd })).toThrow(
      [
        '${file:nowhere}: target.security.password: no such file.',
        '${env:NOT_SET}: target.properties.sasl.oauthbearer.config: the variable is not set.',
        '${file:empty}: target.properties.sasl.oauthbearer.config: the file is empty.'
      ].join('\n')
    )
  })
})

describe('headers of otlp', () => {
  const sources = { env: { KEY: 'k3y' }, cwd: '/' }

  it('are resolved like any secret', () => {
    expect(resolveHeaders({ 'x-api-key': 'Bearer ${env:KEY}', plain: 'x' }, sources)).toEqual({
      'x-api-key': 'Bearer k3y',
      plain: 'x'
    })
  })

  it('that lead nowhere are told with their option', () => {
    expect(() => resolveHeaders({ 'x-api-key': '${env:NOT_SET}' }, sources)).toThrow(
      '${env:NOT_SET}: otlp.headers.x-api-key: the variable is not set.'
    )
  })
})
