import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClusterSettings } from '../../src/client/settings.ts'
import { rememberRefusal } from '../../src/job/connect-clusters.ts'
import { StateDir } from '../../src/job/state/state-dir.ts'
import { tempDir, type TempDir } from '../helpers/temp-dir.ts'

let temp: TempDir
let state: StateDir

beforeEach(async () => {
  temp = await tempDir()
  state = await StateDir.open(temp.path)
})

afterEach(async () => {
  await temp.remove()
})

const settings: ClusterSettings = {
  cluster: 'target',
  bootstrapServers: 'b:9092',
  security: {
    protocol: 'SASL_SSL',
    mechanism: 'SCRAM-SHA-512',
    username: 'mirror',
    password: 'hunter2',
    verifyHostname: true
  },
  properties: { 'sasl.kerberos.keytab': '/etc/keytab', 'compression.type': 'lz4' },
  clientId: 'millrace-orders'
}

async function fingerprintOf(changes: Partial<ClusterSettings> = {}): Promise<string | undefined> {
  await rememberRefusal({ ...settings, ...changes }, state, 'wrong password')
  return state.refused?.fingerprint
}

describe('credentials that were refused', () => {
  it('are the same until something that the broker judges changes', async () => {
    const before = await fingerprintOf()
    expect(await fingerprintOf({ clientId: 'other' })).toBe(before)
    expect(
      await fingerprintOf({ properties: { 'compression.type': 'zstd', 'sasl.kerberos.keytab': '/etc/keytab' } })
    ).toBe(before)
  })

  it.each<[string, Partial<ClusterSettings>]>([
    ['password', { security: { ...settings.security, password: 'hunter3' } }],
    ['user', { security: { ...settings.security, username: 'copy' } }],
    ['mechanism', { security: { ...settings.security, mechanism: 'SCRAM-SHA-256' } }],
    ['certificate', { security: { ...settings.security, certificateFile: '/etc/cert.pem' } }],
    ['cluster', { bootstrapServers: 'c:9092' }],
    ['login property', { properties: { 'sasl.kerberos.keytab': '/etc/other' } }]
  ])('are others when the %s changes', async (_, changes) => {
    const before = await fingerprintOf()
    expect(await fingerprintOf(changes)).not.toBe(before)
  })

  it('are remembered with their cluster and what it said', async () => {
    await rememberRefusal(settings, state, 'wrong password')
    expect((await StateDir.open(temp.path)).refused).toMatchObject({ cluster: 'target', text: 'wrong password' })
  })
})
