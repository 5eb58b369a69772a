import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from '../../helpers/checker.ts'
import { FAULTS, type FaultId } from './fault-catalogue.ts'

const RESULTS = fileURLToPath(new URL('results', import.meta.url))

export interface FaultFigures {
  readonly lost: number
  readonly duplicate: number
  readonly reordered: number
  readonly phantom: number
  readonly altered: number
  readonly earlyCheckpoints: number
  /** At the source. */
  readonly records: number
  /** From the end of the fault to the first record that is copied again; the longest, where there were several. */
  readonly recoverySeconds?: number
  /** Resident memory of supervisor and workers together. */
  readonly peakMib?: number
}

export interface FaultResult extends FaultFigures {
  readonly id: FaultId
  /** What the test calls it: there may be several of one fault. */
  readonly name: string
  readonly date: string
}

type Told = Pick<Comparison, 'lost' | 'duplicate' | 'reordered' | 'phantom' | 'altered' | 'earlyCheckpoints'> &
  Pick<Comparison, 'sourceRecords'> &
  Pick<FaultFigures, 'recoverySeconds' | 'peakMib'>

/** Prints what the oracle found, and keeps it for docs/reliability.md where `npm run test:faults` asks for it. */
export async function tellResult(id: FaultId, name: string, told: Told): Promise<void> {
  const { lost, duplicate, reordered, phantom, altered, earlyCheckpoints, sourceRecords } = told
  const result: FaultResult = {
    id,
    name,
    date: new Date().toISOString().slice(0, 10),
    records: sourceRecords,
    lost,
    duplicate,
    reordered,
    phantom,
    altered,
    earlyCheckpoints: earlyCheckpoints.length,
    ...(told.recoverySeconds !== undefined && { recoverySeconds: Math.round(told.recoverySeconds * 10) / 10 }),
    ...(told.peakMib !== undefined && told.peakMib > 0 && { peakMib: Math.round(told.peakMib) })
  }
  console.log(JSON.stringify(result))
  if (process.env['MILLRACE_TEST_FAULT_RESULTS'] !== 'write') return
  await mkdir(RESULTS, { recursive: true })
  await writeFile(join(RESULTS, `${id}-${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
}

/** In the order of the catalogue. */
export async function storedResults(): Promise<FaultResult[]> {
  const files = (await readdir(RESULTS).catch(() => [])).filter((file) => file.endsWith('.json')).sort()
  const order = Object.keys(FAULTS)
  const results = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(RESULTS, file), 'utf8')) as FaultResult)
  )
  return results.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id) || a.name.localeCompare(b.name))
}
