import { parseSize } from '../config/parse-quantities.ts'
import { askControl } from '../job/control/ask-control.ts'
import type { ControlAnswers } from '../job/control/control-protocol.ts'
import type { RateChange } from '../job/control/job-control.ts'
import { describePauses, describeRate } from '../model/describe-flow.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { PauseTarget } from '../model/pauses.ts'
import { type CommandContext, type CommonFlags, hasColor } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import { renderStatus } from './render-status.ts'
import { stateDirOf } from './state-dir-of.ts'
import { type OutputFormat, writeDocument } from './write-document.ts'

export interface ControlFlags extends CommonFlags {
  readonly set: readonly string[]
  readonly output: OutputFormat
  readonly stateDir?: string
  readonly bytes?: string
  readonly records?: string
}

export type ControlOperation = 'status' | 'rate' | 'pause' | 'resume'

/** Asks a running job for something. @param job its name, or the file of its configuration */
export async function controlCommand(
  job: string,
  operation: ControlOperation,
  what: string | undefined,
  flags: ControlFlags,
  context: CommandContext
): Promise<number> {
  const change = rateChange(flags, operation)
  const target = pauseTarget(what, operation)
  const stateDir = stateDirOf(job, flags, context)
  switch (operation) {
    case 'status':
      show(await askControl(stateDir, { op: 'status' }), flags, context, (status, color) => renderStatus(status, color))
      break
    case 'rate':
      show(await askControl(stateDir, { op: 'rate', change }), flags, context, (rate) => [
        `The job may copy ${describeRate(rate)}.`
      ])
      break
    case 'pause':
    case 'resume':
      show(await askControl(stateDir, { op: operation, target }), flags, context, (pauses) => [describePauses(pauses)])
      break
  }
  return EXIT.done
}

function show<T extends ControlAnswers[ControlOperation]>(
  answer: T,
  flags: ControlFlags,
  { stdout, env }: CommandContext,
  render: (answer: T, color: boolean) => readonly string[]
): void {
  if (flags.output === 'table') stdout.write(`${render(answer, hasColor(stdout, flags, env)).join('\n')}\n`)
  else writeDocument(stdout, answer, flags.output)
}

function rateChange({ bytes, records }: ControlFlags, operation: ControlOperation): RateChange {
  if (operation !== 'rate' && (bytes ?? records) !== undefined) throw usage('--bytes and --records are for rate.')
  return {
    ...(bytes !== undefined && { bytes: perSecond('--bytes', bytes, parseSize(bytes), 'a size such as 5MiB') }),
    ...(records !== undefined && {
      records: perSecond('--records', records, wholeNumber(records), 'a whole number such as 50000')
    })
  }
}

function perSecond(flag: string, text: string, parsed: number | undefined, like: string): number | null {
  if (text === 'unlimited') return null
  if (parsed !== undefined && parsed > 0) return parsed
  throw usage(`${flag} must be unlimited or ${like}, not ${JSON.stringify(text)}.`)
}

function wholeNumber(text: string): number | undefined {
  const number = /^\d[\d_]*(?:e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/** `orders`, or `orders/3`: no topic has a slash in its name. */
function pauseTarget(what: string | undefined, operation: ControlOperation): PauseTarget {
  if (what === undefined) return {}
  if (operation !== 'pause' && operation !== 'resume') throw usage(`${operation} takes no topic.`)
  const match = /^([A-Za-z0-9._-]{1,249})(?:\/(\d{1,9}))?$/.exec(what)
  const [, topic, partition] = match ?? []
  if (topic === undefined) {
    throw usage(`${JSON.stringify(what)} is neither a topic (orders) nor a partition of one (orders/3).`)
  }
  return { topic, ...(partition !== undefined && { partition: Number(partition) }) }
}

function usage(message: string): MillraceError {
  return new MillraceError({
    code: 'MR_CONTROL_USAGE',
    kind: 'configuration',
    message,
    next: '`millrace control --help` shows how it is written.'
  })
}
