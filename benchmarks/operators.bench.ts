import { median } from './harness/median.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { CASES, CONTROL } from './operators/cases.ts'
import { measureCases, type CaseFigures } from './operators/measure-cases.ts'
import { RECORDS } from './operators/weightless-batches.ts'

const BATCHES = 2_000
const ROUNDS = 31
const WARM_UP_ROUNDS = 15
const QUICK_DIVISOR = 5

export const operators: Suite = {
  name: 'operators',
  description: 'what JavaScript costs per batch, operator by operator and as a whole, without clients',
  defaultSize: `${ROUNDS} rounds of ${BATCHES.toLocaleString('en')} batches: about half a minute, no brokers`,
  options: ['quick', 'runs'],
  run: runOperators
}

async function runOperators({ quick, runs, log }: SuiteOptions): Promise<Measured> {
  const rounds = ROUNDS * runs
  const batches = quick ? BATCHES / QUICK_DIVISOR : BATCHES
  log(`${CASES.length} cases, ${rounds} rounds of ${batches.toLocaleString('en')} batches`)
  const figures = await measureCases(CASES, { batches, warmUpRounds: WARM_UP_ROUNDS, rounds })
  const control = figures.find(({ name }) => name === CONTROL.name)
  return {
    note: `Time of one batch through an operator, between a source that pushes and a subscriber that only counts: the control is RxJS's own \`map\` with
nothing in it. Clients are replaced by ones that answer at once, so nothing here is Kafka, threads or records. ${rounds} rounds of
${batches.toLocaleString('en')} batches after ${WARM_UP_ROUNDS} for the compiler, all cases in turns; the spread is from the 10th to the 90th of 100. The last column divides by
the ${RECORDS.toLocaleString('en')} records of a batch.`,
    sections: [
      {
        title: 'Per batch',
        columns: [
          { title: 'operator' },
          { title: 'ns', figure: true },
          { title: 'spread', figure: true },
          { title: '÷ control', figure: true },
          { title: 'heap B', figure: true },
          { title: 'ns/record', figure: true }
        ],
        rows: figures.map((each) => row(each, control))
      }
    ],
    bars: [],
    ratios: figures
      .filter((each) => each !== control)
      .map(({ name, nanosPerBatch }) => ({
        what: `${name}: time per batch`,
        control: CONTROL.name,
        better: 'lower',
        samples: nanosPerBatch.map((nanos, round) => nanos / (control?.nanosPerBatch[round] ?? NaN))
      })),
    notRun: [],
    failures: [],
    details: { figures }
  }
}

function row({ name, nanosPerBatch, bytesPerBatch }: CaseFigures, control: CaseFigures | undefined): readonly string[] {
  const sorted = nanosPerBatch.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(0)
  const nanos = median(nanosPerBatch)
  return [
    name,
    nanos.toFixed(0),
    `${at(0.1)} – ${at(0.9)}`,
    control === undefined ? '' : (nanos / median(control.nanosPerBatch)).toFixed(1),
    bytesPerBatch.toFixed(0),
    (nanos / RECORDS).toFixed(3)
  ]
}
