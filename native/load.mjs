import { createRequire } from 'node:module'
import { findTestedRdkafka } from './rdkafka-paths.mjs'

const require = createRequire(import.meta.url)

const remedy =
  'Build it with `npm rebuild node-rdkafka && npm run build:native` in the folder of the millrace package ' +
  '(installed globally: `npm rebuild -g millrace`). On Debian it needs `apt-get install build-essential python3 ' +
  'libssl-dev libzstd-dev libsasl2-dev libcurl4-openssl-dev`. npm 12 and later build it only when install scripts ' +
  'are allowed: `npm install --allow-scripts=node-rdkafka,millrace`.'

/**
 * The addon. Loads node-rdkafka first, so that both use the one librdkafka of node-rdkafka.
 * Throws an Error with `code` 'MR_NATIVE_MISSING' whose message says what to do.
 */
export function loadAddon() {
  let part = 'node-rdkafka'
  try {
    findTestedRdkafka()
    require('node-rdkafka')
    part = 'the native addon of millrace'
    return require('./build/Release/millrace.node')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    const error = new Error(`Can't load ${part}: ${reason} ${remedy}`, { cause })
    throw Object.assign(error, { code: 'MR_NATIVE_MISSING', remedy })
  }
}
