import type { StartRequest } from '../../../src/api/contract.ts'
import { fromLocalInput } from '../../format/times.ts'

export type StartFrom = NonNullable<StartRequest['from']>

export interface StartForm {
  readonly from: StartFrom
  /** Of the time picker, in the zone of the browser. */
  readonly time: string
  /** Lines of "topic partition offset". */
  readonly offsets: string
}

export type StartFormResult =
  { readonly ok: true; readonly request: StartRequest } | { readonly ok: false; readonly problem: string }

/** What is asked of the service, or what is still missing. */
export function readStartForm({ from, time, offsets }: StartForm): StartFormResult {
  if (from === 'timestamp') {
    const at = fromLocalInput(time)
    return at === null ? problem('Choose a date and a time.') : { ok: true, request: { from, time: at } }
  }
  return from === 'offsets' ? readOffsets(offsets) : { ok: true, request: { from } }
}

function readOffsets(text: string): StartFormResult {
  const offsets: Record<string, Record<string, number>> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, topic = '', partition = '', offset = ''] = /^\s*(\S+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? []
    if (topic === '' || !Number.isSafeInteger(Number(offset))) {
      return problem(`Line ${String(index + 1)} is not "topic partition offset".`)
    }
    const ofTopic = (offsets[topic] ??= {})
    if (partition in ofTopic) return problem(`Line ${String(index + 1)} names ${topic}-${partition} once more.`)
    ofTopic[partition] = Number(offset)
  }
  if (Object.keys(offsets).length === 0) return problem('Name at least one partition: topic partition offset.')
  return { ok: true, request: { from: 'offsets', offsets } }
}

function problem(text: string): StartFormResult {
  return { ok: false, problem: text }
}
