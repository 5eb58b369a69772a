import type { BenchEvent } from '../job/bench/bench-types.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { formatCount } from '../model/format-quantities.ts'
import { type CommandContext, type OutputStream, isTerminal } from './command-context.ts'
import { fitLine } from './fit-line.ts'

const DRAW_MS = 200
const LINE_MS = 5000
const CLEAR_LINE = '\r\x1b[2K'

/**
 * The progress of a benchmark on stderr: a line a phase, and below it, on a terminal, how far it is. Elsewhere a line
 * every few seconds.
 *
 * Invariant: on a terminal the cursor stands at the end of the drawn line, or at the start of an empty one.
 */
export class BenchScreen {
  readonly #stream: OutputStream
  readonly #draws: boolean
  readonly #now: () => number
  #drawn = false
  #shownAt = Number.NEGATIVE_INFINITY

  /** @param now a clock in ms */
  constructor({ stderr, env }: Pick<CommandContext, 'stderr' | 'env'>, now: () => number = () => performance.now()) {
    this.#stream = stderr
    this.#draws = isTerminal(stderr, env)
    this.#now = now
  }

  show(event: Exclude<BenchEvent, { type: 'job' }>): void {
    if (event.type === 'phase') {
      this.print(`${escapeControls(event.text)}\n`)
      this.#shownAt = this.#draws ? Number.NEGATIVE_INFINITY : this.#now()
      return
    }
    const now = this.#now()
    if (now - this.#shownAt < (this.#draws ? DRAW_MS : LINE_MS)) return
    this.#shownAt = now
    const line = progressOf(event)
    this.#stream.write(this.#draws ? `${CLEAR_LINE}${fitLine(line, (this.#stream.columns ?? 80) - 1)}` : `${line}\n`)
    this.#drawn = this.#draws
  }

  /** A line of the log, with its line break. */
  print(line: string): void {
    this.close()
    this.#stream.write(line)
  }

  close(): void {
    if (this.#drawn) this.#stream.write(CLEAR_LINE)
    this.#drawn = false
  }
}

function progressOf({ phase, done, of }: Extract<BenchEvent, { type: 'progress' }>): string {
  const share = of > 0 ? Math.floor((Math.min(done, of) / of) * 100) : 100
  return phase === 'latency'
    ? `  ${done.toFixed(0)} of ${of} s`
    : `  ${share} %: ${formatCount(done)} of ${formatCount(of)} records`
}
