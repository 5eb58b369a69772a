import { join } from 'node:path'
import { SUITES } from './all-suites.ts'
import {
  COMPARISON_COLUMNS,
  comparisonNotes,
  comparisonRows,
  compareRuns,
  surelyWorse
} from './harness/compare-runs.ts'
import { formatTable } from './harness/format-table.ts'
import { surroundings } from './harness/machine.ts'
import { helpText, listText, readCommand, type BenchCommand } from './harness/read-command.ts'
import { BENCHMARKS, readCommitted, render, store, writeResults } from './harness/stored-results.ts'
import type { SuiteResults } from './harness/suite-results.ts'
import { UsageError } from './harness/usage-error.ts'

const ORDER = SUITES.map(({ name }) => name)

try {
  const command = readCommand(process.argv.slice(2), SUITES, (line) => console.error(line))
  if (command.kind === 'list') console.log(listText(SUITES))
  else if (command.kind === 'help') console.log(helpText(SUITES, command.suite))
  else if (command.kind === 'render') await render(ORDER)
  else await run(command)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n\n${helpText(SUITES)}`)
  process.exitCode = 2
}

async function run({ suite, options, output, text }: Extract<BenchCommand, { kind: 'run' }>): Promise<void> {
  const where = await surroundings()
  if (output.writeResults && where.commit.endsWith('+')) {
    throw new UsageError('--write-results names the commit that was measured: commit or undo your changes first')
  }
  const baseline = output.compare ? await readCommitted(suite.name) : undefined
  if (output.compare && baseline === undefined) {
    throw new UsageError(`--compare: no results of ${suite.name} are committed; --write-results makes some`)
  }
  const measured = await suite.run(options)
  const results: SuiteResults = { suite: suite.name, command: text, surroundings: where, ...measured }
  print(results)
  await writeResults(output.json ?? join(BENCHMARKS, '.cache', `${suite.name}.json`), results)
  if (output.writeResults) {
    await store(results)
    await render(ORDER)
  }
  if (baseline) compare(baseline, results, output.failOnWorsePercent)
  // A missed bar is a result; a mirror that copied wrong is a failure.
  if (results.failures.length > 0) process.exitCode = 1
}

function print({ sections, bars, notRun, failures }: SuiteResults): void {
  for (const { title, columns, rows } of sections) console.log(`\n${title}\n${formatTable(columns, rows)}`)
  if (notRun.length + bars.length + failures.length > 0) console.log()
  for (const { name, why } of notRun) console.log(`${name}: not run, ${why}`)
  for (const { what, measured, wanted, met } of bars) {
    console.log(`${met ? 'met   ' : 'MISSED'}  ${what}: ${measured} (wanted ${wanted})`)
  }
  for (const failure of failures) console.log(`FAILED  ${failure}`)
}

function compare(baseline: SuiteResults, results: SuiteResults, failOnWorsePercent: number | undefined): void {
  const comparison = compareRuns(baseline.ratios, results.ratios)
  console.log(`\n${formatTable(COMPARISON_COLUMNS, comparisonRows(comparison))}`)
  for (const note of comparisonNotes(comparison, baseline)) console.log(note)
  if (failOnWorsePercent === undefined) return
  for (const { what, control } of surelyWorse(comparison, failOnWorsePercent)) {
    console.log(`WORSE   ${what} ÷ ${control}, by more than ${failOnWorsePercent} %`)
    process.exitCode = 1
  }
}
