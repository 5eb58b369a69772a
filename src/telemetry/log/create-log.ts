import { Writable } from 'node:stream'
import pico from 'picocolors'
import winston from 'winston'
import { escapeControls } from './escape-controls.ts'
import type { Log, LogAttributes, LogLevel } from './log.ts'

export interface LogOptions {
  readonly level: LogLevel
  /** Takes each line with its line break. */
  readonly write: (line: string) => void
  /**
   * `terminal`: the time of day, for somebody who is looking. `file`: the full time in UTC. `json`: an object a line,
   * with the attributes.
   */
  readonly style: 'terminal' | 'file' | 'json'
  readonly color: boolean
  /** What every line says, such as the job. */
  readonly attributes?: LogAttributes
}

const LEVELS: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 }

/** The log of one process: one message, one line, whatever characters are in it. */
export function createLog({ level, write, style, color, attributes: common = {} }: LogOptions): Log {
  const stream = new Writable({
    decodeStrings: false,
    write: (line: string | Buffer, _encoding, done) => {
      write(line.toString())
      done()
    }
  })
  const format = winston.format.printf((entry) => {
    const message = String(entry.message)
    const attributes = entry['attributes'] as LogAttributes
    return style === 'json'
      ? jsonLine(entry.level, message, { ...common, ...attributes })
      : textLine(entry.level, message, attributes, style, color)
  })
  const transports = [new winston.transports.Stream({ stream, eol: '\n' })]
  const logger = winston.createLogger({ level, levels: LEVELS, format, transports })
  return {
    get level() {
      return logger.level as LogLevel
    },
    set level(changed) {
      logger.level = changed
    },
    // As one object and the attributes in one field: winston has its own ideas about fields such as `message`.
    log: (level, message, attributes = {}) => void logger.log({ level, message, attributes })
  }
}

function textLine(
  level: string,
  message: string,
  { trace_id: traceId }: LogAttributes,
  style: 'terminal' | 'file',
  color: boolean
): string {
  const { dim, red, yellow, cyan } = pico.createColors(color)
  const paint: Readonly<Record<string, (text: string) => string>> = { error: red, warn: yellow, info: cyan, debug: dim }
  const now = new Date()
  const time = style === 'file' ? now.toISOString() : now.toTimeString().slice(0, 8)
  const word = level.padEnd(5)
  const trace = traceId === undefined ? '' : ` ${dim(escapeControls(`trace_id=${traceId}`))}`
  return `${dim(time)} ${paint[level]?.(word) ?? word} ${escapeControls(message)}${trace}`
}

/** JSON has escapes of its own only for some of what a terminal obeys; and what is unescaped ends on one. */
function jsonLine(level: string, message: string, attributes: LogAttributes): string {
  const line = { time: new Date().toISOString(), level, message, ...attributes }
  return JSON.stringify(line, (_key, value: unknown) => (typeof value === 'string' ? escapeControls(value) : value))
}
