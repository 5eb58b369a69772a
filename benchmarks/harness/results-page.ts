import { markdownTable } from './format-table.ts'
import type { Bar, Column, Plot, Section, SettingsList, SuiteResults } from './suite-results.ts'

export const BAR_COLUMNS: readonly Column[] = [
  { title: 'what' },
  { title: 'wanted' },
  { title: 'measured', figure: true },
  { title: '' }
]

/** RESULTS.md: what the stored runs measured, for people. Nobody edits it by hand. */
export function resultsPage(suites: readonly SuiteResults[]): string {
  const contents = suites.map(({ suite }) => `[${suite}](#${suite})`).join(' · ')
  return `# Benchmark results

Written by \`npm run bench -- SUITE --write-results\`; edits are lost. [README.md](README.md) says how it is measured.

Everything shares one machine: what is measured, and the brokers. Absolute figures drift from day to day by tens of per cent: compare
within one run only.

${contents}

${suites.map(suitePart).join('\n\n')}
`
}

export function barRows(bars: readonly Bar[]): readonly (readonly string[])[] {
  return bars.map(({ what, wanted, measured, met }) => [what, wanted, measured, met ? 'met' : '**missed**'])
}

function suitePart(results: SuiteResults): string {
  const { suite, bars, notRun, failures, settings = [] } = results
  return [
    `## ${suite}`,
    surroundingsText(results),
    results.note,
    ...results.sections.map((section) => sectionText(suite, section)),
    ...(bars.length === 0 ? [] : ['### Against the bar', markdownTable(BAR_COLUMNS, barRows(bars))]),
    ...(notRun.length === 0 ? [] : [notRun.map(({ name, why }) => `- \`${name}\`: not run, ${why}`).join('\n')]),
    ...(failures.length === 0
      ? []
      : [`**Failed:**\n\n${failures.map((failure) => `- ${firstLine(failure)}`).join('\n')}`]),
    ...settings.map(settingsText)
  ].join('\n\n')
}

/** Folded: few people want to read them, but nobody has to ask. */
function settingsText({ name, lines }: SettingsList): string {
  return [`<details><summary>Settings of ${name}</summary>`, ['```', ...lines, '```'].join('\n'), '</details>'].join(
    '\n\n'
  )
}

function surroundingsText({ command, surroundings, versions = {} }: SuiteResults): string {
  const others = Object.entries(versions).map(([name, version]) => `, ${name} ${version}`)
  return `\`${command}\`, ${surroundings.date}, millrace ${surroundings.millrace} (${surroundings.commit}).
${surroundings.cores} cores (${surroundings.processor}), ${surroundings.memoryGiB} GiB, ${surroundings.system}; Node.js ${surroundings.node}, node-rdkafka ${surroundings.nodeRdkafka}
(librdkafka ${surroundings.librdkafka}), Apache Kafka ${surroundings.kafka}${others.join('')}.`
}

function sectionText(suite: string, { title, note, columns, rows, plots = [] }: Section): string {
  const pictures = plots.map((plot) => `![${plot.title}](${plotFile(suite, plot)})`)
  return [`### ${title}`, ...(note === undefined ? [] : [note]), ...pictures, markdownTable(columns, rows)].join('\n\n')
}

/** Below benchmarks. */
export function plotFile(suite: string, { name }: Plot): string {
  return `results/${suite}-${name}.svg`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
