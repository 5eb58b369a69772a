import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { exposeJob, type Exposure } from '../../src/job/expose-job.ts'
import { freePort } from '../helpers/free-port.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { busyJob, busyPartition } from '../telemetry/busy-job.ts'
import { asPrometheusReads, dashboardExpressions } from './expressions.ts'

const installed = spawnSync('prometheus', ['--version']).error === undefined
const RULES = fileURLToPath(new URL('../../deploy/alerts/millrace.rules.yml', import.meta.url))

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: [number, string] }[]
  }
}

interface LoadedRules {
  readonly data: { readonly groups: readonly { readonly rules: readonly { name: string; health: string }[] }[] }
}

/** A real Prometheus that scrapes what a job exposes. */
describe.runIf(installed || process.env['CI'] !== undefined)('Prometheus', () => {
  let dir: TempDir
  let exposure: Exposure
  let server: ChildProcess
  let api: string

  const ask = async (path: string): Promise<unknown> => await (await fetch(`${api}${path}`)).json()
  const query = async (expression: string): Promise<Answer['data']['result']> =>
    ((await ask(`/query?query=${encodeURIComponent(expression)}`)) as Answer).data.result

  beforeAll(async () => {
    dir = await tempDir()
    let url = ''
    let copied = 1000
    exposure = await exposeJob({
      config: {
        name: 'orders-to-dr',
        http: { listen: '127.0.0.1:0' },
        metrics: { intervalMs: 15_000, maxPartitions: 9 }
      },
      exports: undefined,
      instance: 'a1b2',
      read: () => busyJob({ partitions: [busyPartition(0, { deliveredRecords: (copied += 100) })] }),
      health: () => ({ ok: true, state: 'RUNNING' }),
      readiness: () => ({ ok: true, state: 'RUNNING' }),
      onEvent: (event) => {
        if (event.type === 'listening') url = event.url
      }
    })
    const config = {
      global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '250ms' },
      rule_files: [RULES],
      scrape_configs: [{ job_name: 'millrace', static_configs: [{ targets: [url.replace('http://', '')] }] }]
    }
    // JSON is YAML.
    writeFileSync(join(dir.path, 'prometheus.yml'), JSON.stringify(config))
    const port = await freePort()
    api = `http://127.0.0.1:${port}/api/v1`
    // setpriv becomes Prometheus, with the same pid, and has the kernel kill it if we are killed.
    server = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        '--',
        'prometheus',
        `--config.file=${join(dir.path, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(dir.path, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error'
      ],
      { stdio: 'inherit' }
    )
    await vi.waitFor(
      async () => expect(await query('rate(millrace_records_delivered_total[1m]) > 0')).not.toEqual([]),
      {
        timeout: 20_000,
        interval: 100
      }
    )
  }, 30_000)
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    if (server.exitCode === null && server.kill('SIGKILL')) await ended
    await exposure.close()
    await dir.remove()
  })

  it('scrapes a job', async () => expect(await query('up{job="millrace"} == 1')).toHaveLength(1))

  it.each(dashboardExpressions)('has something to show for %s', async (expression) => {
    expect(await query(asPrometheusReads(expression))).not.toEqual([])
  })

  it('can evaluate every alert', async () => {
    await vi.waitFor(async () => {
      const rules = ((await ask('/rules')) as LoadedRules).data.groups.flatMap((group) => group.rules)
      expect(rules.length).toBeGreaterThan(10)
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
    }, 10_000)
  })
})
