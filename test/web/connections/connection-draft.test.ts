import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../src/api/contract.ts'
import { connectionInput } from '../../../src/api/schemas/connections.ts'
import {
  type ConnectionDraft,
  draftOf,
  inputOf,
  NEW_CONNECTION,
  problemsOfConnection
} from '../../../web/connections/connection-draft.ts'
import { certificateWords, daysUntil, securityWords } from '../../../web/connections/security-words.ts'

const STORED: Connection = {
  name: 'production',
  revision: 3,
  bootstrapServers: 'a:9093,b:9093',
  security: {
    protocol: 'SASL_SSL',
    mechanism: 'SCRAM-SHA-512',
    username: 'mirror',
    caFile: '/ca.pem',
    password: { fingerprint: '12345678', reference: null, changedAt: 1 }
  },
  properties: { 'client.rack': 'x' },
  note: 'VPN',
  createdAt: 0,
  changedAt: 0,
  usedBy: [],
  restartNeeded: [],
  lastTest: null,
  certificateExpiresAt: null
}

const draft = (change: Partial<ConnectionDraft>): ConnectionDraft => ({
  ...NEW_CONNECTION,
  name: 'a',
  bootstrapServers: 'a:9092',
  ...change
})

describe('the form of a connection', () => {
  it('gives back what was stored, and keeps its secrets', () => {
    const input = inputOf(draftOf(STORED))
    expect(input).toEqual({
      bootstrapServers: 'a:9093,b:9093',
      security: {
        protocol: 'SASL_SSL',
        mechanism: 'SCRAM-SHA-512',
        username: 'mirror',
        password: { keep: true },
        caFile: '/ca.pem'
      },
      properties: { 'client.rack': 'x' },
      note: 'VPN'
    })
    expect(connectionInput.safeParse(input).success).toBe(true)
    expect(problemsOfConnection(draftOf(STORED))).toEqual({})
  })

  it('sends nothing of a login or an encryption that was taken away', () => {
    const input = inputOf({ ...draftOf(STORED), login: 'none', encrypted: false })
    expect(input.security).toEqual({ protocol: 'PLAINTEXT' })
  })

  it.each([
    ['none', false, 'PLAINTEXT'],
    ['none', true, 'SSL'],
    ['PLAIN', false, 'SASL_PLAINTEXT'],
    ['properties', true, 'SASL_SSL']
  ] as const)('%s with TLS %s is %s', (login, encrypted, protocol) => {
    expect(inputOf(draft({ login, encrypted })).security?.protocol).toBe(protocol)
  })

  it('takes servers by line, space or comma', () => {
    const servers = draft({ bootstrapServers: ' a:1, b:2\n[::1]:3 ' })
    expect(inputOf(servers).bootstrapServers).toBe('a:1,b:2,[::1]:3')
    expect(problemsOfConnection(servers)).toEqual({})
  })

  it.each<[Partial<ConnectionDraft>, keyof ConnectionDraft]>([
    [{ name: '' }, 'name'],
    [{ name: 'a/b' }, 'name'],
    [{ bootstrapServers: '' }, 'bootstrapServers'],
    [{ bootstrapServers: 'a:1,b' }, 'bootstrapServers'],
    [{ login: 'PLAIN', password: { set: 'x' } }, 'username'],
    [{ login: 'PLAIN', username: 'x' }, 'password'],
    [{ login: 'properties' }, 'properties'],
    [{ encrypted: true, keyFile: '/k' }, 'certificateFile'],
    [{ encrypted: true, certificateFile: '/c' }, 'keyFile']
  ])('says what is wrong with %j', (change, option) => {
    expect(Object.keys(problemsOfConnection(draft(change)))).toEqual([option])
  })
})

describe('words of a connection', () => {
  it('say how one gets in', () => {
    expect(securityWords(STORED)).toBe('TLS, SCRAM-SHA-512 as mirror')
    expect(securityWords({ security: { protocol: 'PLAINTEXT' } })).toBe('open, not encrypted')
    expect(securityWords({ security: { protocol: 'SSL', certificateFile: '/c' } })).toBe('mTLS')
    expect(securityWords({ security: { protocol: 'SASL_PLAINTEXT' } })).toBe('not encrypted, login by properties')
  })

  it('count the days of a certificate down', () => {
    const day = 86_400_000
    expect(certificateWords(daysUntil(10.5 * day, 0))).toBe('10 days')
    expect(certificateWords(daysUntil(1.5 * day, 0))).toBe('1 day')
    expect(certificateWords(daysUntil(0.5 * day, 0))).toBe('expires today')
    expect(certificateWords(daysUntil(-1, 0))).toBe('expired')
  })
})
