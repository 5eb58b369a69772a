import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { PairStore } from '../../src/job/pairs/pair-store.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { fakeContext } from './fake-context.ts'

let dir: TempDir

beforeEach(async () => {
  dir = await tempDir()
  const store = new PairStore({
    stateDir: join(dir.path, '.millrace', 'orders-to-dr'),
    onTrouble: (error) => {
      throw error
    },
    now: () => Date.UTC(2026, 0, 2)
  })
  await store.open()
  const orders = { topic: 'my-orders', partition: 7 }
  const to = { ...orders, target: 'dr.my-orders', sourceId: 'a', targetId: 'b', isAnew: false }
  const old = store.begin(to)
  await store.keep([{ ...orders, generation: old, runs: [7, 900, 0, 10] }])
  const generation = store.begin({ ...to, targetId: 'c' })
  await store.keep([{ ...orders, generation, runs: [7, 100, 300, 50, 7, 140, 400, 50] }])
  await store.close()
})
afterEach(async () => {
  await dir.remove()
})

async function offsets(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const context = fakeContext({ cwd: dir.path })
  const exitCode = await runCommandLine(['offsets', 'orders-to-dr', ...args], context)
  return { exitCode, stdout: context.stdout.text, stderr: context.stderr.text }
}

describe('millrace offsets', () => {
  it('says where a record went', async () => {
    const { exitCode, stdout } = await offsets('my-orders-7@120')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/my-orders-7@120 +dr\.my-orders-7@320$/m)
  })

  it('says all places of a record that was delivered again', async () => {
    const { stdout } = await offsets('my-orders-7@145')
    expect(stdout).toMatch(/my-orders-7@145 +dr\.my-orders-7@345$/m)
    expect(stdout).toMatch(/my-orders-7@145 +dr\.my-orders-7@405 +delivered again$/m)
  })

  it('says where a record of the target came from', async () => {
    const { exitCode, stdout } = await offsets('dr.my-orders-7@405', '--reverse', '-o', 'json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      target: { topic: 'dr.my-orders', partition: 7, offset: 405 },
      pairs: [
        {
          source: { topic: 'my-orders', partition: 7, offset: 145 },
          target: { topic: 'dr.my-orders', partition: 7, offset: 405 },
          copyBegan: '2026-01-02T00:00:00.001Z',
          earlierCopy: false
        }
      ],
      partitionKnown: true
    })
  })

  it('does not take a topic that was made again for the one that is there now', async () => {
    const { exitCode, stdout, stderr } = await offsets('my-orders-7@905')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('of an earlier copy, begun 2026-01-02')
    expect(stderr).toContain('MR_OFFSET_UNKNOWN')
  })

  it.each([
    ['my-orders-7@99', 'No pair is known for my-orders-7@99'],
    ['orders-7@99', 'has no offset pairs of the source partition']
  ])('says that nothing is known of %s, with what it can mean', async (place, text) => {
    const { exitCode, stdout, stderr } = await offsets(place)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain('MR_OFFSET_UNKNOWN')
    expect(stderr).toContain(text)
  })

  it.each(['orders', 'orders-7', 'orders@7', 'orders-7@-1', 'orders-x@1', ''])('refuses %s', async (place) => {
    const { exitCode, stderr } = await offsets(place)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('MR_OFFSETS_USAGE')
  })
})
