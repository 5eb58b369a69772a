import pico from 'picocolors'
import { ConfigErrors, describeProblem } from '../config/config-errors.ts'
import { MillraceError, describeError } from '../model/millrace-error.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'

export interface ErrorStyle {
  readonly color: boolean
  /** With the stack of an error that nobody expected. */
  readonly verbose: boolean
}

/** An error for people: code, place, what and the next step, a line a problem; never a bare stack. */
export function reportError(error: unknown, { color, verbose }: ErrorStyle): string {
  const label = pico.createColors(color).red('error')
  if (error instanceof ConfigErrors) {
    const lines = error.problems.map((problem) => `  ${escapeControls(describeProblem(problem))}\n`)
    const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`
    return `${label} ${error.code}: the configuration has ${count}\n${lines.join('')}`
  }
  const expected = error instanceof MillraceError && error.kind !== 'internal'
  const [text = '', ...more] = linesOf(error)
  const hint = expected || verbose ? '' : ' (-v shows where)'
  const rest = expected ? more : verbose ? [...more, ...stackOf(error)] : []
  return `${label} ${escapeControls(text)}${hint}\n${rest.map((line) => `  ${escapeControls(line)}\n`).join('')}`
}

function linesOf(error: unknown): string[] {
  if (error instanceof MillraceError) return describeError(error).split('\n')
  const message = error instanceof Error ? error.message : String(error)
  return [`MR_INTERNAL: ${message || 'an error without a message'}`]
}

function stackOf(error: unknown): string[] {
  const lines: string[] = []
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (depth > 0) lines.push('caused by')
    lines.push(...(at.stack ?? at.message).split('\n'))
  }
  return lines
}
