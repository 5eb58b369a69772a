import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Job, JobListItem } from '../../../src/api/contract.ts'
import { runCommandLine } from '../../../src/cli/command-line.ts'
import { type OpenPretend, openPretend } from '../../helpers/open-pretend.ts'
import { type FakeContext, fakeContext } from '../fake-context.ts'

let open: OpenPretend
beforeAll(async () => {
  open = await openPretend()
})
afterAll(async () => {
  await open[Symbol.asyncDispose]()
})

interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

async function jobs(args: readonly string[], context: FakeContext = contextOf()): Promise<Said> {
  const exitCode = await runCommandLine(['jobs', ...args], context)
  return { exitCode, stdout: context.stdout.text, stderr: context.stderr.text }
}

function contextOf(env: Record<string, string> = {}): FakeContext {
  return fakeContext({
    cwd: open.dataDir,
    env: { MILLRACE_SERVER: open.url, MILLRACE_TOKEN_FILE: 'admin.token', ...env }
  })
}

function file(name: string, text: string): string {
  const path = join(open.dataDir, name)
  writeFileSync(path, text)
  return path
}

const CONFIG = `name: from-file
source: { connection: production }
target: { connection: archive }
topics: { include: [orders.placed] }
`

describe('millrace jobs', () => {
  it('lists what there is, for people and programs', async () => {
    const table = await jobs(['list'])
    expect(table).toMatchObject({ exitCode: 0, stderr: '' })
    expect(table.stdout).toMatch(/^name +state +source/)
    expect(table.stdout).toMatch(/orders-to-dr +RUNNING +production +disaster-recovery/)
    expect(table.stdout).toMatch(/payments-migration +DEGRADED .* 28 \(2 stopped\)/)
    const json = JSON.parse(
      (await jobs(['list', '-o', 'json', '--state', 'running', 'paused'])).stdout
    ) as JobListItem[]
    expect(new Set(json.map(({ state }) => state))).toEqual(new Set(['RUNNING', 'PAUSED']))
    expect((await jobs(['list', '--search', 'nothing-like-it'])).stdout).toBe('There is no such job.\n')
  })

  it('takes a job from a file through its life', async () => {
    const path = file('from-file.yaml', CONFIG)
    expect(await jobs(['apply', '-f', path])).toMatchObject({ exitCode: 0, stdout: 'Job from-file: made.\n' })
    expect((await jobs(['apply', '-f', path])).stdout).toBe('Job from-file: as it was.\n')
    file('from-file.yaml', `${CONFIG}workers: 2\n`)
    expect((await jobs(['apply', '-f', path, '--note', 'more'])).stdout).toBe('Job from-file: changed, revision 2.\n')
    expect((await jobs(['get', 'from-file', '--config'])).stdout).toBe(`${CONFIG}workers: 2\n`)

    expect((await jobs(['start', 'from-file'])).exitCode).toBe(4)
    expect((await jobs(['submit', 'from-file'])).stdout).toMatch(/^Job from-file is SUBMITTED\./)
    expect((await jobs(['start', 'from-file', '--dry-run'])).stdout).toContain('records to copy')
    expect((await jobs(['start', 'from-file'])).stdout).toMatch(/^Job from-file is STARTING\./)
    await pause(100)
    expect((await jobs(['pause', 'from-file', 'orders.placed/3'])).stdout).toContain('Paused: 1 topic or partition')
    expect((await jobs(['resume', 'from-file', 'orders.placed/3'])).exitCode).toBe(0)
    expect((await jobs(['delete', 'from-file'])).exitCode).toBe(4)
    expect((await jobs(['stop', 'from-file', '--wait', '10'])).stdout).toMatch(/^Job from-file is STOPPED\./)
    const reset = await jobs(['start', 'from-file', '--from', 'earliest'])
    expect(reset).toMatchObject({ exitCode: 2, stdout: '' })
    expect(reset.stderr).toContain('Send confirm: from-file.')
    const again = ['start', 'from-file', '--from', 'earliest', '--confirm', 'from-file', '-o', 'json']
    expect(JSON.parse((await jobs(again)).stdout)).toMatchObject({ name: 'from-file', state: 'STARTING' })
    expect((await jobs(['stop', 'from-file', '--now', '--wait', '10'])).exitCode).toBe(0)
    expect((await jobs(['delete', 'from-file'])).stdout).toBe('Job from-file is deleted.\n')
    expect((await jobs(['get', 'from-file'])).exitCode).toBe(2)
  })

  it('shows a job: the partitions that are furthest behind, or all', async () => {
    const table = await jobs(['status', 'clickstream-eu'])
    expect(table.stdout).toContain('the target limits')
    expect(table.stdout).toContain('… and 980 partitions with less lag (-o json has all)')
    const all = parse((await jobs(['status', 'clickstream-eu', '-o', 'yaml'])).stdout) as { partitionRows: unknown[] }
    expect(all.partitionRows).toHaveLength(1000)
    expect((await jobs(['get', 'users-cdc', '-o', 'json'])).stdout).toContain('MR_WORKER_CRASHED')
  })

  it('follows a log: past lines, then each that comes, once', async () => {
    const past = await jobs(['logs', 'orders-to-dr', '--tail', '3'])
    expect(past.stdout.trimEnd().split('\n')).toHaveLength(3)
    const context = contextOf()
    const following = jobs(['logs', 'users-cdc', '-f', '-n', '1', '-o', 'json'], context)
    const before = (await open.asked.service.jobs.logs('users-cdc', { limit: 1 })).at(-1)?.id ?? 0
    await expect.poll(() => context.stdout.text, { timeout: 10_000 }).toContain('\n')
    // Submitting tells something.
    await jobs(['submit', 'users-cdc'])
    await expect.poll(() => context.stdout.text, { timeout: 10_000 }).toContain('users-cdc is SUBMITTED')
    context.signal('SIGINT')
    expect(await following).toMatchObject({ exitCode: 130 })
    const ids = context.stdout.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: number }).id)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    expect(ids[0]).toBe(before)
  })

  it('finds the service of a data directory by itself', async () => {
    const context = fakeContext({ cwd: '/' })
    const said = await jobs(['list', '--data-dir', open.dataDir], context)
    expect(said).toMatchObject({ exitCode: 0, stderr: '' })
    const none = await jobs(['list'], fakeContext({ cwd: open.asked.directory.path }))
    expect(none.exitCode).toBe(2)
    expect(none.stderr).toMatch(/MR_TOKEN_FILE .*service\/admin\.token can't be read/)
  })

  it('says what is wrong, with an exit code', async () => {
    file('read.token', open.asked.secrets.read)
    const forbidden = await jobs(['pause', 'orders-to-dr'], contextOf({ MILLRACE_TOKEN_FILE: 'read.token' }))
    expect(forbidden).toMatchObject({ exitCode: 2, stdout: '' })
    expect(forbidden.stderr).toContain('MR_API_FORBIDDEN')
    const away = await jobs(['list'], contextOf({ MILLRACE_SERVER: 'http://127.0.0.1:1' }))
    expect(away.exitCode).toBe(1)
    expect(away.stderr).toContain('MR_SERVICE_UNREACHABLE')
    const invalid = await jobs(['apply', '-f', file('bad.yaml', 'name: bad\n- x\n')])
    expect(invalid.exitCode).toBe(2)
    for (const args of [
      ['apply', '-f', file('nameless.yaml', 'workers: 2\n')],
      ['apply', '-f', 'not-there.yaml'],
      ['list', '--ca-file', 'not-there.pem'],
      ['start', 'x', '--from', 'time'],
      ['start', 'x', '--from', 'time', '--time', '2026-01-31T12:00:00'],
      ['pause', 'x', 'a/b/c']
    ]) {
      expect(await jobs(args), args.join(' ')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('MR_JOBS_USAGE')
      })
    }
    const draft = await jobs(['submit', 'orders-to-dr'])
    expect(draft.exitCode).toBe(4)
    expect((await jobs(['list', '--frm'])).exitCode).toBe(2)
  })

  it('reads the job as the API gives it', async () => {
    const job = JSON.parse((await jobs(['get', 'orders-to-dr', '-o', 'json'])).stdout) as Job
    expect(job).toMatchObject({ name: 'orders-to-dr', state: 'RUNNING', revision: 1 })
  })
})
