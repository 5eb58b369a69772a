import type { CommandContext, OutputStream, StopSignal } from '../../src/cli/command-context.ts'

/** A stream that keeps what was written. */
export class FakeStream implements OutputStream {
  text = ''
  readonly isTTY: boolean
  columns: number
  rows: number
  #resized: (() => void)[] = []

  constructor(size?: { readonly columns: number; readonly rows: number }) {
    this.isTTY = size !== undefined
    this.columns = size?.columns ?? 80
    this.rows = size?.rows ?? 24
  }

  write(text: string): void {
    this.text += text
  }

  on(_event: 'resize', listener: () => void): void {
    this.#resized.push(listener)
  }

  off(_event: 'resize', listener: () => void): void {
    this.#resized = this.#resized.filter((other) => other !== listener)
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    for (const listener of this.#resized) listener()
  }
}

export interface FakeContext extends CommandContext {
  readonly stdout: FakeStream
  readonly stderr: FakeStream
  signal(signal: StopSignal): void
  /** As SIGUSR2. */
  switchLevel(): void
  /** How many listeners there are. */
  readonly listening: number
}

export function fakeContext(
  options: {
    readonly cwd?: string
    readonly env?: Record<string, string>
    readonly terminal?: { readonly columns: number; readonly rows: number }
  } = {}
): FakeContext {
  let listeners: ((signal: StopSignal) => void)[] = []
  let levelListeners: (() => void)[] = []
  return {
    stdout: new FakeStream(),
    stderr: new FakeStream(options.terminal),
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    onSignal(listener) {
      listeners.push(listener)
      return () => {
        listeners = listeners.filter((other) => other !== listener)
      }
    },
    onLevelSignal(listener) {
      levelListeners.push(listener)
      return () => {
        levelListeners = levelListeners.filter((other) => other !== listener)
      }
    },
    switchLevel() {
      for (const listener of levelListeners) listener()
    },
    signal(signal) {
      for (const listener of listeners) listener(signal)
    },
    get listening() {
      return listeners.length + levelListeners.length
    }
  }
}
