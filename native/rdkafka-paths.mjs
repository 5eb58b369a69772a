import { createRequire } from 'node:module'
import { realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Where node-rdkafka is. The addon reads its private headers and shares its librdkafka, so only a version that was
 * tested is taken.
 */

const require = createRequire(import.meta.url)

export const testedRdkafkaVersions = ['3.6.1']

/** @returns {{ directory: string, version: string }} */
export function findRdkafka() {
  const manifest = require.resolve('node-rdkafka/package.json')
  const version = String(require(manifest).version).replace(/^v/, '')
  return { directory: dirname(realpathSync(manifest)), version }
}

/** @returns {{ directory: string, version: string }} */
export function findTestedRdkafka() {
  const found = findRdkafka()
  if (!testedRdkafkaVersions.includes(found.version)) {
    throw new Error(
      `node-rdkafka ${found.version} was not tested with millrace, which uses its internals. ` +
        `Install node-rdkafka@${testedRdkafkaVersions.join(' or ')}.`
    )
  }
  return found
}

// For binding.gyp.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { directory } = findTestedRdkafka()
  const here = realpathSync(dirname(fileURLToPath(import.meta.url)))
  const fromBinary = relative(join(here, 'build', 'Release'), join(directory, 'build', 'deps'))
  // `$$` for make, which turns it into the linker's `$ORIGIN`.
  console.log(process.argv[2] === 'rpath' ? `$$ORIGIN/${fromBinary}` : directory)
}
