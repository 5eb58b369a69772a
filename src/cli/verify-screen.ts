import { formatBytes, formatCount, plural } from '../model/format-quantities.ts'
import type { VerifyProgress } from '../verify/verify-types.ts'
import { type CommandContext, type OutputStream, isTerminal } from './command-context.ts'
import { fitLine } from './fit-line.ts'

const DRAW_MS = 200
const LINE_MS = 5000
const CLEAR_LINE = '\r\x1b[2K'

/**
 * How far a verification is, on stderr: one line, drawn over on a terminal, written every few seconds elsewhere.
 *
 * Invariant: on a terminal the cursor stands at the end of the drawn line, or at the start of an empty one.
 */
export class VerifyScreen {
  readonly #stream: OutputStream
  readonly #draws: boolean
  readonly #now: () => number
  readonly #began: number
  #drawn = false
  #shownAt: number

  /** @param now a clock in ms */
  constructor({ stderr, env }: Pick<CommandContext, 'stderr' | 'env'>, now: () => number = () => performance.now()) {
    this.#stream = stderr
    this.#draws = isTerminal(stderr, env)
    this.#now = now
    this.#began = now()
    this.#shownAt = this.#draws ? Number.NEGATIVE_INFINITY : this.#began
  }

  show(progress: VerifyProgress): void {
    const now = this.#now()
    if (now - this.#shownAt < (this.#draws ? DRAW_MS : LINE_MS)) return
    this.#shownAt = now
    const line = progressLine(progress, (now - this.#began) / 1000)
    this.#stream.write(this.#draws ? `${CLEAR_LINE}${fitLine(line, (this.#stream.columns ?? 80) - 1)}` : `${line}\n`)
    this.#drawn = this.#draws
  }

  close(): void {
    if (this.#drawn) this.#stream.write(CLEAR_LINE)
    this.#drawn = false
  }
}

/** `42 %: 1,000 source and 990 target records (500/s), 1.2 MiB, 3 of 8 partitions, 2 differences` */
function progressLine(progress: VerifyProgress, seconds: number): string {
  const { sourceRecords, targetRecords, offsets, bytes, partitions, partitionsDone, differences } = progress
  const read = sourceRecords + targetRecords
  const share = offsets > 0 ? Math.floor((Math.min(read, offsets) / offsets) * 100) : 100
  const rate = seconds > 0 ? Math.min(sourceRecords, targetRecords) / seconds : 0
  return [
    `${share} %: ${formatCount(sourceRecords)} source and ${formatCount(targetRecords)} target records (${formatCount(rate)}/s)`,
    formatBytes(bytes),
    `${formatCount(partitionsDone)} of ${plural(partitions, 'partition')}`,
    ...(differences > 0 ? [plural(differences, 'difference')] : [])
  ].join(', ')
}
