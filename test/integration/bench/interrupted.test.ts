import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { administer } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { startCli } from '../../helpers/run-cli.ts'
import { BenchGround, SMALL } from './bench-ground.ts'

describeWithBrokers('a benchmark that is interrupted', () => {
  let ground: BenchGround

  beforeAll(async () => {
    ground = await BenchGround.start()
  })
  afterAll(() => ground?.stop())

  it.each([
    { phase: 'loading', printed: /Loading/, more: ['--records', '50000000'], signals: 1 },
    { phase: 'mirroring', printed: /Mirroring[^]*\d+ %/, more: ['--records', '1000000', '--size', '1000'], signals: 1 },
    { phase: 'latency', printed: /Measuring latency/, more: ['--seconds', '60'], signals: 1 },
    { phase: 'mirroring, twice', printed: /Mirroring/, more: ['--records', '100000'], signals: 2 }
  ])('Ctrl-C while $phase: nothing is left, or it is named', async ({ printed, more, signals }) => {
    const run = startCli(['bench', ground.file, ...SMALL, ...more], ground.options)
    await run.printed(printed)
    run.kill('SIGINT')
    if (signals > 1) {
      await run.printed(/SIGINT: /)
      await sleep(300)
      run.kill('SIGINT')
    }
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 130, signal: null })
    if (signals === 1) {
      expect(end.stdout).toContain('STOPPED')
      expect(end.stdout).not.toContain('Left over')
    } else if (end.stdout.includes('Left over')) {
      // A worker that was killed is a member of its group until its session ends.
      expect(end.stdout).toMatch(/kafka-consumer-groups\.sh .*--delete --group benched-bench-/)
      const [group = ''] = /benched-bench-[0-9a-f]{8}/.exec(end.stdout) ?? []
      await expect.poll(async () => await memberCount(group), { timeout: 30_000, interval: 1000 }).toBe(0)
      if ((await ground.groups()).includes(group)) await administer(ground.source, 'delete_group', { group })
    }
    await ground.expectNothingLeft()
  })

  const memberCount = async (group: string): Promise<number> => {
    if (!(await ground.groups()).includes(group)) return 0
    const { members } = await administer<{ members: readonly unknown[] }>(ground.source, 'describe_group', { group })
    return members.length
  }
})
