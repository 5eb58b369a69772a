import { readTopicIds } from '../../control/read-topic-ids.ts'
import type { ClusterAdmin } from '../../client/types.ts'
import { addRun, NUMBERS_OF_RUN, type PairRuns } from '../../model/offset-pairs.ts'
import { partitionName } from '../../model/topic-partition.ts'
import type { KnownPairs } from '../../verify/known-pairs.ts'
import { BYTES_OF_RUN } from '../../verify/topic-pairs.ts'
import { type PairedTopics, sourceOf } from './pair-block.ts'
import { readPairs } from './read-pairs.ts'

interface Loaded {
  readonly topics: PairedTopics
  readonly generation: number
  forgotten: number
  runs: PairRuns
}

/** Kept pairs of all partitions, in their newest generation. */
export interface LoadedPairs {
  readonly byPartition: ReadonlyMap<string, Loaded>
  /** Older ones did not fit into the memory. */
  readonly isCut: boolean
}

/**
 * Reads a job's offset pairs, the newest if there is not memory for all. To be read before the ends of the target are
 * taken: then each pair lies below them.
 */
export async function loadPairs(stateDir: string, bytes: number): Promise<LoadedPairs> {
  const byPartition = new Map<string, Loaded>()
  const mostRuns = Math.floor(bytes / BYTES_OF_RUN)
  const isCut = await readPairs(
    stateDir,
    (of) => {
      const name = partitionName(sourceOf(of))
      let loaded = byPartition.get(name)
      if (loaded === undefined || loaded.generation < of.generation) {
        loaded = { topics: of.topics, generation: of.generation, forgotten: 0, runs: [] }
        byPartition.set(name, loaded)
      }
      if (loaded.generation > of.generation) return
      loaded.forgotten = Math.max(loaded.forgotten, of.forgotten)
      for (let at = 0; at < of.runs.length; at += NUMBERS_OF_RUN) {
        const [target = 0, source = 0, targetOffset = 0, count = 0] = of.runs.slice(at, at + NUMBERS_OF_RUN)
        addRun(loaded.runs, target, source, targetOffset, count)
      }
    },
    { mostRuns }
  )
  return { byPartition, isCut }
}

/** Of the loaded pairs those that belong to the topics that are there now. */
export async function knownPairs(
  { byPartition, isCut }: LoadedPairs,
  source: Pick<ClusterAdmin, 'describeTopics'>,
  target: Pick<ClusterAdmin, 'describeTopics'>
): Promise<KnownPairs> {
  const all = [...byPartition.values()]
  const namesOf = (side: 'source' | 'target'): string[] => [...new Set(all.map(({ topics }) => topics[side]))]
  const ids = {
    source: await readTopicIds(source, namesOf('source')),
    target: await readTopicIds(target, namesOf('target'))
  }
  const isNow = ({ topics }: Loaded): boolean =>
    isSame(topics.sourceId, ids.source.get(topics.source)) && isSame(topics.targetId, ids.target.get(topics.target))
  return {
    of: (partition) => {
      const loaded = byPartition.get(partitionName(partition))
      return loaded === undefined || !isNow(loaded) ? undefined : { target: loaded.topics.target, runs: loaded.runs }
    },
    notesOf: (topic) => {
      const ofTopic = all.filter(({ topics }) => topics.source === topic)
      return [
        ...(ofTopic.some((loaded) => !isNow(loaded))
          ? [`offset pairs of ${topic} belong to earlier topics of these names and were not used`]
          : []),
        ...(ofTopic.some(({ forgotten }) => forgotten > 0)
          ? [`the oldest offset pairs of ${topic} are not kept any more`]
          : []),
        ...(isCut ? ['only the newest offset pairs were used: limits.memory has no room for all'] : [])
      ]
    }
  }
}

/** Ids that are not known on one side say nothing. */
function isSame(kept: string, now: string | undefined): boolean {
  return kept === '' || now === undefined || kept === now
}
