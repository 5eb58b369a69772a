import { jobYaml, ServiceGround } from '../service-ground.ts'

/* Edits a job in the data directory that is named, as fast as it can, and prints each revision that is confirmed. */

const ground = await ServiceGround.on(process.argv[2] ?? '')
const { jobs } = await ground.start()
process.stdout.write('ready\n')
for (;;) {
  const { items } = await jobs.list({})
  const next = items.length === 0 ? 1 : (await jobs.get('one')).revision + 1
  const { revision } = await jobs.put('one', { config: jobYaml('one', `workers: ${next}\n`) }, {}, { who: 'writer' })
  process.stdout.write(`${revision}\n`)
}
