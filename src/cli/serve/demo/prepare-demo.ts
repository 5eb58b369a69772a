import type { ServicePort } from '../../../service/service-port.ts'
import { MillraceError } from '../../../model/millrace-error.ts'
import type { DemoAddresses } from './demo-clusters.ts'

const JOB = 'demo'
const ACTOR = { who: 'demo' }

const CONFIG = `# A job on the clusters of the demo: submit it, then start it.
name: ${JOB}
source:
  connection: demo-source
target:
  connection: demo-target
topics:
  include: [orders, payments, clicks, sensors, customers]
  targetName: 'copy.#{source_Topic_name}'
partitions: same
workers: 1
limits:
  memory: 256MiB
`

/** Puts the connections to where the clusters are this time, and makes the sample job if it is not there. */
export async function prepareDemo(service: ServicePort, { source, target }: DemoAddresses): Promise<void> {
  for (const [name, bootstrapServers] of [
    ['demo-source', source],
    ['demo-target', target]
  ] as const) {
    const note = 'A cluster inside this service: it is another one, and empty, at each start.'
    await service.connections.put(name, { bootstrapServers, security: { protocol: 'PLAINTEXT' }, note }, {}, ACTOR)
  }
  try {
    await service.jobs.get(JOB)
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== 'MR_SERVICE_NOT_FOUND') throw error
    await service.jobs.put(JOB, { config: CONFIG, note: 'the sample of the demo' }, { ifNew: true }, ACTOR)
  }
}
