import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findTestedRdkafka } from './rdkafka-paths.mjs'

/*
 * Builds the addon, and node-rdkafka before it if need be: npm runs the install scripts of shallow packages first.
 * Does nothing when what is there was built from the same sources for the same node and node-rdkafka.
 */

const folder = dirname(fileURLToPath(import.meta.url))
const binary = join(folder, 'build', 'Release', 'millrace.node')
const stampFile = join(folder, 'build', 'built-from')
const packages = 'build-essential python3 libssl-dev libzstd-dev libsasl2-dev libcurl4-openssl-dev'

// node-rdkafka's build has a race on config.h when make gets it.
const environment = { ...process.env }
delete environment['JOBS']

/** @param {string} what @param {string} reason */
function fail(what, reason) {
  console.error(
    [
      '',
      `millrace: ${what}`,
      `  ${reason}`,
      '  What is needed: Node.js 20 to 24, Python 3, make, g++ 11 or newer (C++20) and the headers of OpenSSL, zstd,',
      '  Cyrus SASL and curl. On Debian and Ubuntu:',
      `    apt-get install ${packages}`,
      '  Then build again:',
      '    npm rebuild node-rdkafka && npm run build:native      (in this repository)',
      '    npm rebuild -g millrace                               (installed globally)',
      ''
    ].join('\n')
  )
  process.exit(1)
}

function nodeGyp() {
  const require = createRequire(import.meta.url)
  const npm = process.env['npm_execpath']
  const candidates = [
    process.env['npm_config_node_gyp'],
    npm && join(dirname(npm), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    join(
      dirname(process.execPath),
      '..',
      'lib',
      'node_modules',
      'npm',
      'node_modules',
      'node-gyp',
      'bin',
      'node-gyp.js'
    )
  ]
  for (const candidate of candidates) if (candidate && existsSync(candidate)) return [process.execPath, candidate]
  try {
    return [process.execPath, require.resolve('node-gyp/bin/node-gyp.js')]
  } catch {
    return ['npx', '--yes', 'node-gyp']
  }
}

/** The headers of this very node, if they lie beside it: nothing to download then. */
function nodeHeaders() {
  const prefix = join(dirname(process.execPath), '..')
  if (process.env['npm_config_nodedir'] || !existsSync(join(prefix, 'include', 'node', 'node.h'))) return []
  return [`--nodedir=${prefix}`]
}

/** @param {string} directory @param {string} what @param {string[]} options */
function runNodeGyp(directory, what, options) {
  const [command, ...args] = nodeGyp()
  console.error(`millrace: building ${what} …`)
  const result = spawnSync(command ?? 'npx', [...args, ...nodeHeaders(), ...options], {
    cwd: directory,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 1 << 28
  })
  if (result.status === 0) return
  const output = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.split('\n')
  const told = output.find((line) => /error:|not found|No such file|ERR!/i.test(line)) ?? result.error?.message
  if (process.env['npm_config_loglevel'] === 'verbose') console.error(output.join('\n'))
  fail(`could not build ${what}.`, (told ?? `node-gyp ended with ${result.status ?? result.signal}`).trim())
}

/** What the objects in build/ are good for. @param {{ directory: string, version: string }} rdkafka */
function describePlatform(rdkafka) {
  return `${process.version} ${process.arch} ${rdkafka.version} ${rdkafka.directory}`
}

function hashSources() {
  const hash = createHash('sha256')
  const sources = readdirSync(join(folder, 'src')).sort()
  const headers = join('vendor', 'xxhash.h')
  for (const file of ['binding.gyp', 'rdkafka-paths.mjs', headers, ...sources.map((name) => join('src', name))]) {
    hash.update(file).update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex')
}

function findRdkafkaOrFail() {
  try {
    return findTestedRdkafka()
  } catch (error) {
    return fail(
      'node-rdkafka is missing or of another version.',
      error instanceof Error ? error.message : String(error)
    )
  }
}

const rdkafka = findRdkafkaOrFail()
const rdkafkaBinary = join(rdkafka.directory, 'build', 'Release', 'node-librdkafka.node')
if (!existsSync(rdkafkaBinary)) runNodeGyp(rdkafka.directory, 'node-rdkafka (about two minutes)', ['rebuild'])

const platform = describePlatform(rdkafka)
const stamp = `${platform}\n${hashSources()}`
const builtFrom = existsSync(binary) && existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
if (builtFrom !== stamp) {
  // The binary is replaced at the very end, so that a process may load the old one meanwhile.
  const steps = builtFrom.startsWith(`${platform}\n`) ? ['configure', 'build'] : ['rebuild']
  runNodeGyp(folder, 'the native addon', [...steps, '--jobs=max'])
  writeFileSync(stampFile, stamp)
}
