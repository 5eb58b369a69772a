/*
 * Writes deploy/grafana/millrace.json from the table of its panels: npx tsx scripts/generate-dashboard.ts
 */
import { writeFileSync } from 'node:fs'
import { PANEL_ROWS, type Panel } from './dashboard-panels.ts'

const WIDTH = 24
const ROW_HEIGHT = 1
const STAT_HEIGHT = 4
const SERIES_HEIGHT = 8
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' }

/** https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function dashboardJson(): string {
  return `${JSON.stringify(dashboard(), null, 2)}\n`
}

function dashboard() {
  return {
    title: 'millrace',
    uid: 'millrace',
    description: 'Kafka topics on their way from one cluster to another.',
    tags: ['kafka', 'millrace'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'job',
          label: 'Job',
          type: 'query',
          datasource: DATASOURCE,
          definition: JOBS,
          query: { query: JOBS, refId: 'jobs' },
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' }
        }
      ]
    },
    panels: laidOut()
  }
}

const JOBS = 'label_values(millrace_start_time_seconds, millrace_job)'

/** Each row's panels side by side, below its title. */
function laidOut(): readonly object[] {
  const all: object[] = []
  let y = 0
  for (const { title, panels } of PANEL_ROWS) {
    all.push({
      id: all.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: WIDTH, h: ROW_HEIGHT }
    })
    y += ROW_HEIGHT
    const w = Math.floor(WIDTH / panels.length)
    const h = panels.every(({ kind }) => kind === 'stat') ? STAT_HEIGHT : SERIES_HEIGHT
    for (const [index, panel] of panels.entries()) {
      all.push({ id: all.length + 1, ...drawn(panel), gridPos: { x: index * w, y, w, h } })
    }
    y += h
  }
  return all
}

function drawn({ title, description, kind, unit, queries, stacking }: Panel) {
  const isStat = kind === 'stat'
  return {
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(isStat && { instant: true })
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(isStat
          ? {}
          : { custom: { fillOpacity: stacking === undefined ? 0 : 60, stacking: { mode: stacking ?? 'none' } } })
      },
      overrides: []
    },
    options: isStat
      ? { textMode: title === 'State' ? 'name' : 'value', colorMode: 'none', reduceOptions: { calcs: ['lastNotNull'] } }
      : {
          legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
          tooltip: { mode: 'multi' }
        }
  }
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(new URL('../deploy/grafana/millrace.json', import.meta.url), dashboardJson())
}
