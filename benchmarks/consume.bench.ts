import type { SuiteOptions } from './harness/suite-options.ts'
import type { Suite } from './harness/suite.ts'
import { runSideSuite } from './sides/side-suite.ts'

export const consume: Suite = {
  name: 'consume',
  description: 'what taking records from the source costs, without sending them, next to a C loop',
  defaultSize: 'four shapes, three rounds of all: about three minutes',
  options: ['quick', 'full', 'records', 'shapes', 'peers', 'runs', 'pairs', 'directory'],
  run: async (options: SuiteOptions) =>
    runSideSuite('consume', options, {
      note: `Every record of a topic is taken and given back at once: for millrace by its consumer and its source as a pipeline has them, in a group of its
own, with what may be in flight bounded as in a worker. Measured from 10 % to 95 % of the records; all were counted, with their bytes.`,
      size: ({ records }) => records
    })
}
