import type { ClusterAdmin } from '../../client/types.ts'
import type { SinceLook } from '../../control/find-source-loss.ts'
import { groupBy } from '../../mapping/group-by.ts'
import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'
import { offsetsOf } from './offsets-of.ts'

interface Look {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Where records stamped since would begin: at the first one that was stamped later, else at the log's end. */
  readonly expected: number
}

/**
 * The last look at each log of a topic without id, which tells such a topic from another one of the same name: new records
 * of the same log come behind the old ones.
 */
export class LogLooks {
  readonly #source: ClusterAdmin
  readonly #last = new Map<string, Look>()

  constructor(source: ClusterAdmin) {
    this.#source = source
  }

  /** Of partitions that were not looked at yet: an earlier look says more, since the topic may have been made again. */
  async first(partitions: readonly TopicPartition[]): Promise<void> {
    const unseen = partitions.filter((partition) => !this.#last.has(partitionName(partition)))
    if (unseen.length === 0) return
    const time = Date.now()
    await this.note(time, unseen, await offsetsOf(this.#source, unseen, 'latest'))
  }

  /** Where records stamped since the last look begin now, by partition name. */
  async since(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, SinceLook>> {
    const since = new Map<string, SinceLook>()
    const looks = partitions.flatMap((partition) => {
      const name = partitionName(partition)
      const last = this.#last.get(name)
      return last === undefined ? [] : [{ partition, name, ...last }]
    })
    for (const [time, together] of groupBy(looks, (look) => look.time)) {
      const asked = together.map(({ partition }) => partition)
      const found = await offsetsOf(this.#source, asked, time)
      for (const { name, expected } of together) since.set(name, { expected, found: found.get(name) })
    }
    return since
  }

  /** @param ends asked for after `time`, and before this */
  async note(
    time: number,
    partitions: readonly TopicPartition[],
    ends: ReadonlyMap<string, number | undefined>
  ): Promise<void> {
    const later = await offsetsOf(this.#source, partitions, time)
    for (const partition of partitions) {
      const name = partitionName(partition)
      const expected = later.get(name) ?? ends.get(name)
      if (expected === undefined) this.#last.delete(name)
      else this.#last.set(name, { time, expected })
    }
  }
}
