import { setTimeout as sleep } from 'node:timers/promises'
import type { TcpProxy } from '../helpers/tcp-proxy.ts'
import type { JobRun } from '../integration/faults/test-job.ts'
import type { KafkaBroker } from '../kafka/start-kafka.ts'
import type { Chance } from './chance.ts'

const SECOND = 1000

export interface Side {
  readonly name: 'source' | 'target'
  readonly broker: KafkaBroker
  readonly proxy: TcpProxy
}

export interface Victims {
  readonly sides: readonly Side[]
  readonly run: () => JobRun
}

export interface RandomFault {
  readonly name: string
  /** Begins and ends the fault. */
  readonly happen: (victims: Victims, chance: Chance) => Promise<void>
}

/** One of the workers always lives on, so that what it holds can be seen to grow. */
function youngestWorker({ run }: Victims): number | undefined {
  return run().workers().slice(1).at(-1)
}

async function signalWorker(victims: Victims, signal: NodeJS.Signals): Promise<void> {
  const worker = youngestWorker(victims)
  if (worker === undefined) return
  process.kill(worker, signal)
  await sleep(SECOND)
}

async function forAWhile(chance: Chance, most: number): Promise<void> {
  await sleep(chance.between(2, most) * SECOND)
}

/** On one side or on both. */
function sidesOf({ sides }: Victims, chance: Chance): readonly Side[] {
  return chance.between(1, 4) === 1 ? sides : [chance.pick(sides)]
}

export const RANDOM_FAULTS: readonly RandomFault[] = [
  { name: 'a worker killed', happen: async (victims) => await signalWorker(victims, 'SIGKILL') },
  { name: 'a worker crashed', happen: async (victims) => await signalWorker(victims, 'SIGSEGV') },
  {
    name: 'a worker frozen, sometimes beyond its session',
    happen: async (victims, chance) => {
      const worker = youngestWorker(victims)
      if (worker === undefined) return
      process.kill(worker, 'SIGSTOP')
      await forAWhile(chance, 20)
      process.kill(worker, 'SIGCONT')
    }
  },
  {
    name: 'a cluster frozen',
    happen: async (victims, chance) => {
      const sides = sidesOf(victims, chance)
      for (const { broker } of sides) await broker.kill('SIGSTOP')
      await forAWhile(chance, 20)
      for (const { broker } of sides) await broker.kill('SIGCONT')
    }
  },
  {
    name: 'a cluster killed and started again',
    happen: async (victims, chance) => {
      const sides = sidesOf(victims, chance)
      for (const { broker } of sides) await broker.kill('SIGKILL')
      await forAWhile(chance, 10)
      for (const { broker } of sides) await broker.restart()
    }
  },
  {
    name: 'the line cut',
    happen: async (victims, chance) => {
      for (const { proxy } of sidesOf(victims, chance)) proxy.set({ cut: true })
      await forAWhile(chance, 20)
    }
  },
  {
    name: 'connections reset, again and again',
    happen: async (victims, chance) => {
      for (let reset = chance.between(1, 4); reset > 0; reset--) {
        for (const { proxy } of sidesOf(victims, chance)) proxy.resetAll()
        await forAWhile(chance, 4)
      }
    }
  },
  {
    name: 'replies dropped',
    happen: async (victims, chance) => {
      for (const { proxy } of sidesOf(victims, chance)) proxy.set({ dropReplies: true })
      await forAWhile(chance, 5)
    }
  },
  {
    name: 'half-open connections',
    happen: async (victims, chance) => {
      for (const { proxy } of sidesOf(victims, chance)) proxy.loseBrokerEnds()
      await forAWhile(chance, 5)
    }
  },
  {
    name: 'a long and narrow line',
    happen: async (victims, chance) => {
      const line = { delayMs: chance.between(10, 200), bytesPerSecond: chance.between(100, 2000) * 1000 }
      for (const { proxy } of sidesOf(victims, chance)) proxy.set(line)
      await forAWhile(chance, 20)
    }
  }
]
