import { formatBytes, plural } from './format-quantities.ts'
import type { Pauses, PauseTarget } from './pauses.ts'
import type { Rate } from './rate.ts'

/** `5.0 MiB/s and 1,000 records/s`, `as much as it can` */
export function describeRate({ bytes, records }: Rate): string {
  const parts = [
    ...(bytes === undefined ? [] : [`${formatBytes(bytes)}/s`]),
    ...(records === undefined ? [] : [`${plural(records, 'record')}/s`])
  ]
  return parts.length === 0 ? 'as much as it can' : parts.join(' and ')
}

/** `the job`, `topic orders`, `orders/3`: as `millrace control` takes it. */
export function describePauseTarget({ topic, partition }: PauseTarget): string {
  if (topic === undefined) return 'the job'
  return partition === undefined ? `topic ${topic}` : `${topic}/${partition}`
}

/** `Paused: topic orders, payments/3.` */
export function describePauses({ job, topics, partitions }: Pauses): string {
  const paused: PauseTarget[] = [...(job ? [{}] : []), ...topics.map((topic) => ({ topic })), ...partitions]
  return paused.length === 0 ? 'Nothing is paused.' : `Paused: ${paused.map(describePauseTarget).join(', ')}.`
}
