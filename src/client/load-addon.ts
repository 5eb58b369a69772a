import { createRequire } from 'node:module'
import { loadAddon as loadNative } from '../../native/load.mjs'
import { MillraceError } from '../model/millrace-error.ts'
import type { Addon } from './addon-types.ts'
import type { NodeRdkafkaBinding } from './node-rdkafka-binding.ts'

/** The native parts: our addon, and the binding of node-rdkafka that it shares its librdkafka with. */
export interface NativeParts {
  readonly addon: Addon
  readonly binding: NodeRdkafkaBinding
}

/** What loads them, in this order: the addon brings node-rdkafka's library with it. */
export interface NativeLoaders {
  readonly addon: () => unknown
  readonly binding: () => unknown
}

const fromNodeModules: NativeLoaders = {
  addon: loadNative,
  binding: () => createRequire(import.meta.url)('node-rdkafka/librdkafka.js') as unknown
}

let loaded: NativeParts | undefined

/**
 * Loads the native parts on first use. A failure is MR_NATIVE_MISSING and says what to do; it is tried again by the
 * next call, because somebody may just have done it.
 */
export function loadAddon(loaders: NativeLoaders = fromNodeModules): NativeParts {
  if (loaded !== undefined && loaders === fromNodeModules) return loaded
  try {
    const parts = { addon: loaders.addon() as Addon, binding: loaders.binding() as NodeRdkafkaBinding }
    if (loaders === fromNodeModules) loaded = parts
    return parts
  } catch (cause) {
    throw nativeMissing(cause)
  }
}

const REMEDY =
  'Run `npm rebuild node-rdkafka && npm run build:native` in the folder of the millrace package. On Debian that needs ' +
  '`apt-get install build-essential python3 libssl-dev libzstd-dev libsasl2-dev libcurl4-openssl-dev`. ' +
  'npm 12 blocks install scripts: allow those of node-rdkafka and millrace first.'

function nativeMissing(cause: unknown): MillraceError {
  const { remedy } = cause as { remedy?: string }
  const text = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return new MillraceError({
    code: 'MR_NATIVE_MISSING',
    kind: 'configuration',
    // The loader's message ends with the remedy, which has a place of its own here.
    message: remedy === undefined ? text : text.replace(remedy, '').trim(),
    next: remedy ?? REMEDY,
    cause
  })
}

/** What librdkafka must have been compiled with for these properties, and the Debian package that brings it. */
const FEATURES: readonly { feature: string; package: string; needed: (property: string, value: string) => boolean }[] =
  [
    {
      feature: 'zstd',
      package: 'libzstd-dev',
      needed: (property, value) => /^compression\.(codec|type)$/.test(property) && value === 'zstd'
    },
    {
      feature: 'sasl_gssapi',
      package: 'libsasl2-dev',
      needed: (property, value) => /^sasl\.mechanisms?$/.test(property) && value.toUpperCase() === 'GSSAPI'
    },
    {
      feature: 'sasl_scram',
      package: 'libssl-dev',
      needed: (property, value) => /^sasl\.mechanisms?$/.test(property) && value.toUpperCase().startsWith('SCRAM-')
    },
    {
      feature: 'ssl',
      package: 'libssl-dev',
      needed: (property, value) => property === 'security.protocol' && value.toLowerCase().endsWith('ssl')
    },
    {
      feature: 'oidc',
      package: 'libcurl4-openssl-dev',
      needed: (property, value) => property === 'sasl.oauthbearer.method' && value.toLowerCase() === 'oidc'
    }
  ]

/** Throws MR_FEATURE_MISSING for a property that this build of librdkafka can't honour. */
export function checkFeatures(addon: Pick<Addon, 'features'>, configuration: Readonly<Record<string, unknown>>): void {
  for (const [property, value] of Object.entries(configuration)) {
    for (const { feature, package: debianPackage, needed } of FEATURES) {
      if (addon.features.includes(feature) || !needed(property, String(value))) continue
      throw new MillraceError({
        code: 'MR_FEATURE_MISSING',
        kind: 'configuration',
        message: `${property}=${String(value)} needs librdkafka's ${feature}, which was left out when node-rdkafka was built`,
        next: `Install ${debianPackage}, then run \`npm rebuild node-rdkafka && npm run build:native\`.`,
        place: { option: property }
      })
    }
  }
}

/**
 * A source topic may be compressed with zstd whatever its configuration says, and without it the partition would stall
 * for ever. So a consumer is refused up front.
 */
export function checkConsumerFeatures(addon: Pick<Addon, 'features'>): void {
  checkFeatures(addon, { 'compression.type': 'zstd' })
}
