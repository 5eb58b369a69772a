import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../../test/helpers/run-command.ts'
import { drawPlot } from './plot/draw-plot.ts'
import { plotFile, resultsPage } from './results-page.ts'
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

/** As they are in the last commit, whatever lies in the directory. */
export async function readCommitted(suite: string): Promise<SuiteResults | undefined> {
  const { exitCode, stdout } = await runCommand('git', ['show', `HEAD:./results/${suite}.json`], { cwd: BENCHMARKS })
  return exitCode === 0 ? (JSON.parse(stdout) as SuiteResults) : undefined
}

export async function store(results: SuiteResults): Promise<void> {
  await writeResults(join(RESULTS, `${results.suite}.json`), results)
}

export async function writeResults(path: string, results: SuiteResults): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(results, undefined, 2)}\n`)
}

/** The page and its plots, by path below benchmarks. */
export function renderedFiles(suites: readonly SuiteResults[]): ReadonlyMap<string, string> {
  const plots = suites.flatMap((results) =>
    results.sections.flatMap(({ plots: all = [] }) =>
      all.map((plot) => [plotFile(results.suite, plot), drawPlot(plot)] as const)
    )
  )
  return new Map([['RESULTS.md', resultsPage(suites)], ...plots])
}

/** Writes the page and its plots again from what is stored. */
export async function render(order: readonly string[]): Promise<void> {
  const files = renderedFiles(await readStored(order))
  for (const name of await readdir(RESULTS)) {
    if (name.endsWith('.svg') && !files.has(`results/${name}`)) await rm(join(RESULTS, name))
  }
  for (const [path, content] of files) await writeFile(join(BENCHMARKS, path), content)
}
