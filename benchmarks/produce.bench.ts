import type { SuiteOptions } from './harness/suite-options.ts'
import type { Suite } from './harness/suite.ts'
import type { Shape } from './harness/shapes.ts'
import { runSideSuite } from './sides/side-suite.ts'

/** All of it is held in memory, with what librdkafka needs beside each record; node-rdkafka needs more. */
const MOST_BYTES = 200e6
const MOST_RECORDS = 500_000

export const produce: Suite = {
  name: 'produce',
  description: 'what sending records to the target costs, without reading them, next to a C loop',
  defaultSize: 'four shapes, three rounds of all: about three minutes',
  options: ['quick', 'full', 'records', 'shapes', 'peers', 'runs', 'pairs', 'verify', 'directory'],
  run: async (options: SuiteOptions) =>
    runSideSuite('produce', options, {
      note: `Records can't be sent without having been read, and reading them meanwhile would cost, too. So each program first holds the whole source topic in
its memory, as the client hands the records out, and stops reading; measured is from the first record sent to the last one delivered, all
of them. millrace sends its batches through its own sink, with as much in flight as in a worker. The first records of a producer to a
partition are in it, which millrace sends alone. Each copy was checked.`,
      size: heldRecords
    })
}

function heldRecords({ records, bytes }: Shape): number {
  return Math.min(records, MOST_RECORDS, Math.floor(MOST_BYTES / bytes))
}
