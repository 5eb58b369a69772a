import type { OutputStream } from './command-context.ts'
import { lineWidth } from './fit-line.ts'
import type { JobScreen, JobView } from './job-view.ts'
import { type LiveSize, renderLive } from './render-live.ts'

const ESC = '\u001B['
const HIDE_CURSOR = `${ESC}?25l`
const SHOW_CURSOR = `${ESC}?25h`
const CLEAR_REST_OF_LINE = `${ESC}K`
const CLEAR_BELOW = `${ESC}J`

/**
 * A table at the end of a terminal, drawn over itself. Messages are printed above it and stay in the scrollback.
 *
 * Invariant: the cursor stands at the beginning of the line below the table; `#drawn` are the lines of the table as
 * they were written, none while there is no table.
 */
export class LiveScreen implements JobScreen {
  readonly #stream: OutputStream
  readonly #color: boolean
  #drawn: readonly string[] = []
  #view: JobView | undefined
  #closed = false
  readonly #onResize = (): void => this.#draw('')

  constructor(stream: OutputStream, color: boolean) {
    this.#stream = stream
    this.#color = color
    stream.on?.('resize', this.#onResize)
    stream.write(HIDE_CURSOR)
  }

  print(line: string): void {
    if (this.#closed) this.#stream.write(line)
    else this.#draw(line)
  }

  show(view: JobView): void {
    this.#view = view
    this.#draw('')
  }

  /** Takes the table away and gives the cursor back. */
  close(): void {
    if (this.#closed) return
    this.#stream.off?.('resize', this.#onResize)
    this.#stream.write(`${this.#home()}${CLEAR_BELOW}${SHOW_CURSOR}`)
    this.#drawn = []
    this.#closed = true
  }

  /** One write a frame, each line cleared only after its text, or the table would flicker. */
  #draw(message: string): void {
    if (this.#closed) return
    const lines = this.#view === undefined ? [] : renderLive(this.#view, this.#size(), this.#color)
    const head = message === '' ? '' : message.replaceAll('\n', `${CLEAR_REST_OF_LINE}\n`)
    const table = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('')
    this.#stream.write(`${this.#home()}${head}${table}${CLEAR_BELOW}`)
    this.#drawn = lines
  }

  /** To where the table begins. A terminal that became narrower has wrapped its lines. */
  #home(): string {
    const { columns } = this.#size()
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(lineWidth(line) / columns)), 0)
    return rows === 0 ? '' : `\r${ESC}${rows}A`
  }

  #size(): LiveSize {
    return { columns: Math.max(20, this.#stream.columns ?? 80), rows: Math.max(5, this.#stream.rows ?? 24) }
  }
}
