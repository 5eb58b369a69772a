import { Writable } from 'node:stream'
import pico from 'picocolors'
import winston from 'winston'
import { escapeControls } from './escape-controls.ts'
import type { Log, LogLevel } from './log.ts'

export interface LogOptions {
  readonly level: LogLevel
  /** Takes each line with its line break. */
  readonly write: (line: string) => void
  /** `terminal`: the time of day, for somebody who is looking. `file`: the full time in UTC. */
  readonly style: 'terminal' | 'file'
  readonly color: boolean
}

const LEVELS: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 }

/** The log of one process: one message, one line, whatever characters are in it. */
export function createLog({ level, write, style, color }: LogOptions): Log {
  const stream = new Writable({
    decodeStrings: false,
    write: (line: string | Buffer, _encoding, done) => {
      write(line.toString())
      done()
    }
  })
  return winston.createLogger({
    level,
    levels: LEVELS,
    format: winston.format.printf((entry) => logLine(entry.level, String(entry.message), style, color)),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })]
  })
}

function logLine(level: string, message: string, style: LogOptions['style'], color: boolean): string {
  const { dim, red, yellow, cyan } = pico.createColors(color)
  const paint: Readonly<Record<string, (text: string) => string>> = { error: red, warn: yellow, info: cyan, debug: dim }
  const now = new Date()
  const time = style === 'file' ? now.toISOString() : now.toTimeString().slice(0, 8)
  const word = level.padEnd(5)
  return `${dim(time)} ${paint[level]?.(word) ?? word} ${escapeControls(message)}`
}
