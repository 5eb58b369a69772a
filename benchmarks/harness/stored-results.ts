import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resultsPage } from './results-page.ts'
import type { SuiteResults } from './suite-results.ts'

export const BENCHMARKS = fileURLToPath(new URL('..', import.meta.url))
const RESULTS = join(BENCHMARKS, 'results')

/** Of every suite that has been stored, in the order given; those that are no longer known come last. */
export async function readStored(order: readonly string[]): Promise<readonly SuiteResults[]> {
  const names = (await readdir(RESULTS)).filter((name) => name.endsWith('.json')).toSorted()
  const all = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(RESULTS, name), 'utf8')) as SuiteResults)
  )
  const rank = ({ suite }: SuiteResults): number => (order.includes(suite) ? order.indexOf(suite) : order.length)
  return all.toSorted((a, b) => rank(a) - rank(b))
}

export async function store(results: SuiteResults): Promise<void> {
  await writeResults(join(RESULTS, `${results.suite}.json`), results)
}

export async function writeResults(path: string, results: SuiteResults): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(results, undefined, 2)}\n`)
}

/** Writes the page again from what is stored. */
export async function render(order: readonly string[]): Promise<void> {
  await writeFile(join(BENCHMARKS, 'RESULTS.md'), resultsPage(await readStored(order)))
}
