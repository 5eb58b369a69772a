import pico from 'picocolors'
import type { Finding } from '../control/plan-types.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'

/** A line a finding: `refused MR_CODE: what. Next: what to do.` */
export function renderFindings(
  findings: readonly Finding[],
  severity: 'refused' | 'warning',
  color: boolean
): readonly string[] {
  const { red, yellow } = pico.createColors(color)
  const paint = severity === 'refused' ? red : yellow
  return findings.map(({ code, message, next }) => {
    return `${paint(severity)} ${escapeControls(`${code}: ${message} Next: ${next}`)}`
  })
}
