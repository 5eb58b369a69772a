const KEPT_CHARACTERS = 1000

/** The end of what a process wrote to stderr: why it crashed, if it could still say so. */
export class LastWords {
  #text = ''

  add(text: string): void {
    this.#text = `${this.#text}${text.endsWith('\n') ? text : `${text}\n`}`.slice(-KEPT_CHARACTERS)
  }

  get text(): string {
    return this.#text.trim()
  }
}
