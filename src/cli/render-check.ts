import pico from 'picocolors'
import type { StageResult } from '../control/check-connection.ts'
import { escapeControls } from '../telemetry/log/escape-controls.ts'
import { type Column, renderTable } from './render-table.ts'

const STAGES: readonly Column[] = [
  { title: 'cluster' },
  { title: 'stage' },
  { title: 'result' },
  { title: 'ms', align: 'right' },
  { title: 'detail' }
]

/** The stages of both connections for people, and below what to do about those that failed. */
export function renderCheck(stages: readonly StageResult[], color: boolean): readonly string[] {
  const { green, red } = pico.createColors(color)
  const rows = stages.map(({ cluster, stage, ok, detail, code, milliseconds }) => [
    cluster,
    stage,
    ok ? green('ok') : red('failed'),
    String(milliseconds),
    escapeControls(code === undefined ? detail : `${code}: ${detail}`)
  ])
  const next = stages
    .filter((stage) => stage.next !== undefined)
    .map(({ cluster, stage, next: step }) => `${cluster}, ${stage}: ${escapeControls(step ?? '')}`)
  return [...renderTable(STAGES, rows, color), ...(next.length === 0 ? [] : ['', ...next])]
}
