import { describe, expect, it } from 'vitest'
import { propertiesOfLibrdkafka } from '../../../../src/client/properties-of-librdkafka.ts'
import { isSecret } from '../../../../src/config/show-config.ts'
import { hasSecret } from '../../../../web/wizard/logic/has-secret.ts'

describe('a password in a configuration', () => {
  it('is known from a reference to one', () => {
    expect(hasSecret({ source: { security: { password: 'hunter2' } } })).toBe(true)
    expect(hasSecret({ target: { security: { keyPassword: 123 } } })).toBe(true)
    expect(hasSecret({ source: { security: { password: '${file:/run/secrets/p}' } } })).toBe(false)
    expect(hasSecret({ source: { connection: 'a' } })).toBe(false)
  })

  it.each(['source', 'target'])('is found among the properties of the %s wherever the service would', (side) => {
    const names = Object.keys(propertiesOfLibrdkafka).filter((name) => isSecret(name))
    expect(names).toContain('sasl.password')
    for (const name of [...names, 'sasl.jaas.config']) {
      expect(hasSecret({ [side]: { properties: { [name]: 'hunter2' } } }), name).toBe(true)
      expect(hasSecret({ [`${side}.properties.${name}`]: 'hunter2' }), name).toBe(true)
      expect(hasSecret({ [side]: { properties: { [name]: '${env:P}' } } }), name).toBe(false)
    }
    expect(hasSecret({ [side]: { properties: { 'sasl.mechanisms': 'GSSAPI', 'client.rack': 'a' } } })).toBe(false)
  })

  it('may stand in a header or an address', () => {
    expect(hasSecret({ otlp: { headers: { authorization: 'Basic x' } } })).toBe(true)
    expect(hasSecret({ otlp: { endpoint: 'https://me:hunter2@collector.example' } })).toBe(true)
    expect(hasSecret({ otlp: { endpoint: 'https://collector.example/@x' } })).toBe(false)
  })
})
