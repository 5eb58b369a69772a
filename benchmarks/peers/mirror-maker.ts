import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KAFKA_VERSION } from '../harness/clusters.ts'
import { isInstalled } from '../harness/is-installed.ts'
import type { Shape } from '../harness/shapes.ts'
import { installMirrorMaker } from './mirror-maker/install-mirror-maker.ts'
import { mirrorMakerFile, mirrorMakerSettings } from './mirror-maker/mirror-maker-properties.ts'
import type { Peer } from './peer.ts'

const LOG_SETTINGS = fileURLToPath(new URL('../../test/kafka/log4j.properties', import.meta.url))
const MAIN_CLASS = 'org.apache.kafka.connect.mirror.MirrorMaker'
/** As Kafka's own start script has them (connect-mirror-maker.sh, kafka-run-class.sh). */
const JVM = ['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:InitiatingHeapOccupancyPercent=35']
const STOCK_HEAP = ['-Xms256M', '-Xmx2G']
const TUNED_HEAP = ['-Xms4g', '-Xmx4g']
/** Two cores are full with two; the usual default is 1. */
const TASKS = 2

interface Variant {
  readonly name: string
  readonly title: string
  readonly tuned: boolean
  readonly tasksMax: number
}

/** As it comes: one task. */
export function mirrorMakerStock(): Peer {
  return mirrorMaker({ name: 'mm2-stock', title: 'MirrorMaker 2 as it comes', tuned: false, tasksMax: 1 })
}

export function mirrorMakerWithTasks(tasksMax = TASKS): Peer {
  return mirrorMaker({
    name: 'mm2-tasks',
    title: `MirrorMaker 2 as it comes, but with tasks.max=${tasksMax}`,
    tuned: false,
    tasksMax
  })
}

/** With all that was found to make it faster; how many tasks are best depends on the machine and is looked for. */
export function mirrorMakerTuned(): Peer {
  const tasks = new Map<string, number>()
  const title = 'MirrorMaker 2 with the best tuning found, tasks.max by sweep'
  const of = (shape: Shape): Peer =>
    mirrorMaker({ name: 'mm2-tuned', title, tuned: true, tasksMax: tasks.get(shape.name) ?? TASKS })
  return {
    ...mirrorMaker({ name: 'mm2-tuned', title, tuned: true, tasksMax: TASKS }),
    settings: (shape) => of(shape).settings(shape),
    command: async (run) => of(run.shape).command(run),
    sweep: { setting: 'tasks.max', values: [1, 2, 4], use: (shape, value) => void tasks.set(shape.name, value) }
  }
}

function mirrorMaker({ name, title, tuned, tasksMax }: Variant): Peer {
  const heap = tuned ? TUNED_HEAP : STOCK_HEAP
  return {
    name,
    title,
    missing: async () => {
      if (!(await isInstalled('java'))) return 'there is no Java'
      return (await isInstalled('mvn')) ? undefined : 'there is no Maven to fetch it with'
    },
    async prepare() {
      await installMirrorMaker()
      return { MirrorMaker: KAFKA_VERSION }
    },
    settings: ({ codec }) => ({ ...mirrorMakerSettings({ tuned, tasksMax, codec }), jvm: [...heap, ...JVM].join(' ') }),
    targetTopic: (id, sourceTopic) => `${sourceAliasOf(id)}.${sourceTopic}`,
    async command({ id, shape, source, target, sourceTopic, directory }) {
      const file = join(directory, 'mirror-maker.properties')
      const route = { sourceAlias: sourceAliasOf(id), targetAlias: `${id}-target`, source, target, topic: sourceTopic }
      await writeFile(file, mirrorMakerFile({ tuned, tasksMax, codec: shape.codec }, route))
      const log = `-Dlog4j.configuration=file:${LOG_SETTINGS}`
      const args = [...heap, ...JVM, log, '-cp', await installMirrorMaker(), MAIN_CLASS, file]
      return { command: 'java', args, neverEnds: true }
    }
  }
}

/** MirrorMaker puts it before the names of the topics that it writes. */
function sourceAliasOf(id: string): string {
  return `${id}-source`
}
