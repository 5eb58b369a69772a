/**
 * As much of a terminal as a live table needs: text, line breaks, cursor up, clearing to the end of the line and of the
 * screen. Lines never wrap here; one that is too wide fails the test.
 */
export class TerminalEmulator {
  readonly lines: string[] = ['']
  cursorVisible = true
  #row = 0
  #column = 0
  readonly #columns: number

  constructor(columns: number) {
    this.#columns = columns
  }

  write(text: string): void {
    const tokens = text.match(new RegExp(`${ESC}\\[\\??\\d*[A-Za-z]|[^${ESC}]`, 'gu')) ?? []
    for (const token of tokens) {
      if (token.startsWith(ESC)) this.#control(token.slice(2))
      else this.#put(token)
    }
  }

  /** What stands on the screen, without the empty end. */
  get text(): string {
    return this.lines.join('\n').trimEnd()
  }

  #put(character: string): void {
    if (character === '\n') {
      this.#row += 1
      this.#column = 0
      if (this.#row === this.lines.length) this.lines.push('')
    } else if (character === '\r') {
      this.#column = 0
    } else {
      if (this.#column >= this.#columns) throw new Error(`line ${this.#row} is wider than ${this.#columns}`)
      const line = this.lines[this.#row] ?? ''
      this.lines[this.#row] =
        line.slice(0, this.#column).padEnd(this.#column) + character + line.slice(this.#column + 1)
      this.#column += 1
    }
  }

  #control(sequence: string): void {
    const up = /^(\d+)A$/.exec(sequence)
    if (up !== null) {
      if (Number(up[1]) > this.#row) throw new Error(`cursor moves up ${up[1]} rows from row ${this.#row}`)
      this.#row -= Number(up[1])
    } else if (sequence === 'K') {
      this.lines[this.#row] = (this.lines[this.#row] ?? '').slice(0, this.#column)
    } else if (sequence === 'J') {
      this.lines[this.#row] = (this.lines[this.#row] ?? '').slice(0, this.#column)
      this.lines.length = this.#row + 1
    } else if (sequence === '?25l' || sequence === '?25h') {
      this.cursorVisible = sequence === '?25h'
    } else if (!sequence.endsWith('m')) {
      throw new Error(`unknown control sequence ${sequence}`)
    }
  }
}

const ESC = '\u001B'
