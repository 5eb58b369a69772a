import { formatCount } from '../model/format-quantities.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import { partitionName } from '../model/topic-partition.ts'

/** `orders-3 offsets 100 to 199 (100)` */
export function describeRange({ topic, partition, from, to }: MayRepeat): string {
  return `${partitionName({ topic, partition })} offsets ${from} to ${to - 1} (${formatCount(to - from)})`
}
