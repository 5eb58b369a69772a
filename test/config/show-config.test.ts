import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadJobConfig } from '../../src/config/load-job-config.ts'
import { showConfig } from '../../src/config/show-config.ts'

const secret = 'hunter2-hunter2'
const base = ['name=x', 'source.bootstrapServers=a', 'target.bootstrapServers=b', 'topics.include=orders']
const login = ['source.security.protocol=SASL_SSL', 'source.security.mechanism=PLAIN', 'source.security.username=u']

function shown(...sets: string[]): string {
  return JSON.stringify(showConfig(loadJobConfig({ sets: [...base, ...sets], cwd: '/' })))
}

describe('a shown configuration', () => {
  it.each([
    ['a password', [...login, `source.security.password=${secret}`]],
    ['half a reference', [...login, `source.security.password=${secret}\${env:B}`]],
    [
      'a key’s password',
      [
        'source.security.protocol=SSL',
        'source.security.certificateFile=c',
        'source.security.keyFile=k',
        `source.security.keyPassword=${secret}`
      ]
    ],
    [
      'a property for login',
      [
        'source.security.protocol=SASL_SSL',
        'source.properties.sasl.mechanism=OAUTHBEARER',
        `source.properties.sasl.oauthbearer.client.secret=${secret}`
      ]
    ],
    ['a configuration for login', [`source.properties.sasl.oauthbearer.config=principal=${secret}`]],
    ['a key in a property', [`target.properties.ssl.key.pem=${secret}`]],
    ['a store’s password', [`target.properties.ssl.keystore.password=${secret}`]],
    ['a header for the collector', [`otlp.headers.x-api-key=${secret}`]],
    ['the address of a collector with a password', [`otlp.endpoint=http://u:${secret}@h:4318`]],
    ['a URL with a password', [`source.properties.sasl.oauthbearer.token.endpoint.url=https://u:${secret}@h/token`]]
  ])('has no secret: %s', (_, sets) => {
    const text = shown(...sets)
    expect(text).not.toContain(secret)
    expect(text).toContain('[redacted]')
  })

  it('keeps references, names and everything else', () => {
    const sets = [...login, 'source.security.password=${env:P}', 'source.properties.client.id=mirror']
    const config = loadJobConfig({ sets: [...base, ...sets], cwd: '/' })
    expect(showConfig(config)).toEqual(config)
  })

  it('has no password, whatever it looks like', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12 }).filter((text) => !/\$\{/.test(text) && text.trim() !== ''),
        (password) => {
          const text = shown(...login, `source.security.password=${password}`)
          expect(text).not.toContain(JSON.stringify(password).slice(1, -1))
        }
      )
    )
  })
})
