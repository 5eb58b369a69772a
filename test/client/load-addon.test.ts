import { describe, expect, it } from 'vitest'
import { checkFeatures, loadAddon } from '../../src/client/load-addon.ts'
import { describeError, MillraceError } from '../../src/model/millrace-error.ts'

function thrown(call: () => unknown): MillraceError {
  try {
    call()
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const fails =
  (message: string, fields: object = {}) =>
  (): never => {
    throw Object.assign(new Error(message), fields)
  }

describe('a native part that is missing', () => {
  it.each([
    [
      'the addon',
      { addon: fails("Cannot find module './millrace.node'\nRequire stack:\n- a.js"), binding: () => ({}) }
    ],
    ['node-rdkafka', { addon: () => ({}), binding: fails('Could not locate the bindings file. Tried:\n → a\n → b') }]
  ])('%s: says how to build it, in one line', (_name, loaders) => {
    const error = thrown(() => loadAddon(loaders))
    expect(error.code).toBe('MR_NATIVE_MISSING')
    expect(error.next).toContain('npm rebuild node-rdkafka')
    expect(error.next).toContain('libzstd-dev')
    expect(describeError(error)).not.toContain('\n')
  })

  it("the loader's own remedy is said once", () => {
    const remedy = 'Build it.'
    const error = thrown(() => loadAddon({ addon: fails(`can't load. ${remedy}`, { remedy }), binding: () => ({}) }))
    expect(describeError(error)).toBe("MR_NATIVE_MISSING: can't load. Next: Build it.")
  })

  it('can be there at the next attempt', () => {
    const addon = { features: [] }
    expect(() => loadAddon({ addon: fails('no'), binding: () => ({}) })).toThrow('no')
    expect(loadAddon({ addon: () => addon, binding: () => ({}) }).addon).toBe(addon)
  })
})

describe('a feature that was left out of the build', () => {
  it.each([
    [{ 'compression.type': 'zstd' }, 'libzstd-dev'],
    [{ 'sasl.mechanism': 'GSSAPI' }, 'libsasl2-dev'],
    [{ 'security.protocol': 'sasl_ssl' }, 'libssl-dev']
  ])('%j names the package', (configuration, debianPackage) => {
    const error = thrown(() => checkFeatures({ features: ['gzip'] }, configuration))
    expect(error.code).toBe('MR_FEATURE_MISSING')
    expect(error.next).toContain(debianPackage)
  })

  it('what is there, or not asked for, is no complaint', () => {
    checkFeatures({ features: ['zstd'] }, { 'compression.type': 'zstd' })
    checkFeatures({ features: [] }, { 'compression.type': 'lz4', 'security.protocol': 'plaintext' })
  })
})
