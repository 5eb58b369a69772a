import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkBars } from './harness/bars.ts'
import { formatTable } from './harness/format-table.ts'
import { pairedRows, resultsPage } from './harness/results-page.ts'
import type { Results } from './harness/results.ts'
import { chooseShapes } from './harness/shapes.ts'
import { summaryRows } from './harness/summary.ts'
import { benchMirror } from './mirror.bench.ts'
import { choosePeers } from './peers/all-peers.ts'

const USAGE = `usage: npm run bench -- mirror [options]
  --quick              a fifth of the records
  --records N          so many records of every shape
  --shapes A,B         only these: 100B, 1kB, 1kB-lz4, 10kB
  --peers A,B          only these: millrace, c-loop, node-rdkafka, and native-loop, which runs only when named
  --runs N             of each peer on each shape (default 1); figures are medians
  --pairs N            instead: N pairs of millrace and c-loop (or the two of --peers), ratio with its 95 % interval
  --verify             compare every record with an independent client, not only counts and a sample
  --directory DIR      where the brokers keep their topics, several gigabytes (default: the temporary directory)
  --json FILE          results as JSON (default: benchmarks/.cache/mirror.json)
  --write-results      replace benchmarks/RESULTS.md and benchmarks/results/mirror.json`

const PAIRED_PEERS = ['millrace', 'c-loop']

const { positionals, values } = readArguments()
if (positionals.join() !== 'mirror') fail(USAGE)

const pairs = values.pairs === undefined ? undefined : positive('pairs', values.pairs)
const peerNames = values.peers?.split(',') ?? (pairs === undefined ? undefined : PAIRED_PEERS)
const records = values.records === undefined ? undefined : positive('records', values.records)
const results = await benchMirror({
  shapes: chooseShapes(values.shapes?.split(','), { quick: values.quick, records }),
  peers: choosePeers(peerNames),
  runs: positive('runs', values.runs),
  pairs,
  verify: values.verify,
  directory: values.directory,
  log: (line) => console.error(line)
})
print(results)
await write(values.json ?? pathOf('.cache/mirror.json'), `${JSON.stringify(results, undefined, 2)}\n`)
if (values['write-results']) {
  await write(pathOf('results/mirror.json'), `${JSON.stringify(results, undefined, 2)}\n`)
  await write(pathOf('RESULTS.md'), resultsPage(results))
}
// A missed bar is a result; a mirror that copied wrong is a failure.
if (results.measurements.some(({ failure }) => failure !== undefined)) process.exitCode = 1

function print(measured: Results): void {
  console.log(`\n${formatTable(summaryRows(measured))}`)
  if (measured.paired.length > 0) console.log(`\n${formatTable(pairedRows(measured))}`)
  for (const { name, missing } of measured.peers) if (missing !== undefined) console.log(`${name}: not run, ${missing}`)
  const bars = checkBars(measured)
  if (bars.length > 0) console.log()
  for (const bar of bars) {
    console.log(`${bar.met ? 'met   ' : 'MISSED'}  ${bar.what}: ${bar.measured} (wanted ${bar.wanted})`)
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        records: { type: 'string' },
        shapes: { type: 'string' },
        peers: { type: 'string' },
        runs: { type: 'string', default: '1' },
        pairs: { type: 'string' },
        verify: { type: 'boolean', default: false },
        directory: { type: 'string' },
        json: { type: 'string' },
        'write-results': { type: 'boolean', default: false }
      }
    })
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) fail(`--${name} needs a whole number from 1 on, not ${text}`)
  return value
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
