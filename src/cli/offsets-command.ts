import { findPairs, type FoundPairs, type OffsetPair } from '../job/pairs/find-pairs.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import { renderTable } from './render-table.ts'
import { stateDirOf } from './state-dir-of.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface OffsetsFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly stateDir?: string
  readonly reverse: boolean
}

/**
 * Says where a source offset went, or where a target offset came from, by what the target acknowledged. Asks no cluster.
 *
 * @param job its name, or the file of its configuration
 * @param place `orders-7@123456`
 */
export async function offsetsCommand(
  job: string,
  place: string,
  flags: OffsetsFlags,
  context: CommandContext
): Promise<number> {
  const at = placeOf(place)
  const stateDir = stateDirOf(job, flags, context)
  const found = await findPairs(stateDir, at, flags.reverse)
  const { stdout, env } = context
  if (flags.output !== 'table') writeDocument(stdout, documentOf(at, flags.reverse, found), flags.output)
  else if (found.pairs.length > 0) {
    const rows = found.pairs.map((pair, index) => row(pair, index > 0))
    const columns = [{ title: 'source' }, { title: 'target' }, { title: '' }]
    stdout.write(`${renderTable(columns, rows, hasColor(stdout, flags, env)).join('\n')}\n`)
  }
  if (found.pairs.some(({ isEarlier }) => !isEarlier)) return EXIT.done
  throw unknown(place, flags.reverse, found, stateDir)
}

function row({ source, target, isEarlier, since }: OffsetPair, isFurther: boolean): string[] {
  const note = isEarlier
    ? `of an earlier copy, begun ${new Date(since).toISOString()}`
    : isFurther
      ? 'delivered again'
      : ''
  return [escapeControls(written(source)), escapeControls(written(target)), note]
}

function written({ topic, partition, offset }: PartitionOffset): string {
  return `${topic}-${partition}@${offset}`
}

function documentOf(at: PartitionOffset, reverse: boolean, { pairs, isKnown, forgottenBelow }: FoundPairs): object {
  return {
    [reverse ? 'target' : 'source']: at,
    pairs: pairs.map(({ source, target, since, isEarlier }) => {
      return { source, target, copyBegan: new Date(since).toISOString(), earlierCopy: isEarlier }
    }),
    partitionKnown: isKnown,
    ...(!reverse && { forgottenBelow })
  }
}

/** The partition is the part after the last dash. */
function placeOf(place: string): PartitionOffset {
  const [, topic, partition, offset] = /^([A-Za-z0-9._-]{1,249})-(\d{1,9})@(\d{1,15})$/.exec(place) ?? []
  if (topic !== undefined) return { topic, partition: Number(partition), offset: Number(offset) }
  throw new MillraceError({
    code: 'MR_OFFSETS_USAGE',
    kind: 'configuration',
    message: `${JSON.stringify(place)} names no record.`,
    next: 'Write topic, partition and offset like orders-7@123456.'
  })
}

function unknown(place: string, reverse: boolean, found: FoundPairs, stateDir: string): MillraceError {
  const topic = reverse ? 'target' : 'source'
  const of = (message: string, next: string): MillraceError =>
    new MillraceError({ code: 'MR_OFFSET_UNKNOWN', kind: 'partition', message, next })
  if (!found.isKnown) {
    return of(
      `${stateDir} has no offset pairs of the ${topic} partition in ${place}.`,
      'See that it is the state directory of this job and the name that of the topic; pairs come with the commits of a job that runs.'
    )
  }
  if (!reverse && placeOf(place).offset < found.forgottenBelow) {
    return of(
      `The pair of ${place} is not kept any more: the oldest pairs go when there is no more room, some below ${found.forgottenBelow} have.`,
      'Compare with --full, or look for the record by its timestamp.'
    )
  }
  return of(
    `No pair is known for ${place}.`,
    'It is not copied and committed yet, no record that is copied (a control record, one that was compacted or aborted), kept back by a policy (audit.jsonl), or the target did not tell its offset.'
  )
}
