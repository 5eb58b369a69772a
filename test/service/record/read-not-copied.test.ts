import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditTrail } from '../../../src/job/state/audit-trail.ts'
import type { AuditEntry } from '../../../src/model/audit-entry.ts'
import { readNotCopied } from '../../../src/service/record/read-not-copied.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

const entry = (offset: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  time: '2030-01-01T00:00:00.000Z',
  source: { topic: 'orders', partition: 1, offset },
  count: 1,
  target: { topic: 'dr.orders', partition: 3 },
  reason: 'MSG_SIZE_TOO_LARGE',
  policy: 'skip',
  ...changes
})

describe('records that were not copied', () => {
  let dir: TempDir
  let trail: AuditTrail
  const path = (): string => join(dir.path, 'audit.jsonl')
  const offsets = async (request = {}) => {
    const { items, nextCursor } = await readNotCopied(dir.path, request)
    return { offsets: items.map(({ offset }) => offset), nextCursor }
  }

  beforeEach(async () => {
    dir = await tempDir()
    trail = new AuditTrail(dir.path)
  })
  afterEach(async () => {
    trail.close()
    await dir.remove()
  })

  it('are none of a job that has no audit trail, nor a state directory', async () => {
    expect(await readNotCopied(join(dir.path, 'nowhere'), {})).toEqual({ items: [], total: 0, nextCursor: null })
  })

  it('say what the job wrote of them, the newest first', async () => {
    trail.write([
      entry(1, { policy: 'dead-letter', deadLetter: { topic: 'dead', partition: 0, offset: 9 } }),
      entry(2, { count: 5, policy: 'altered', reason: 'TIMESTAMP_NOT_WRITABLE' }),
      entry(9, { policy: 'dead-letter', deadLetter: { file: '/dead.jsonl' } })
    ])
    const { items } = await readNotCopied(dir.path, {})
    expect(items.map(({ deadLetter }) => deadLetter)).toEqual(['/dead.jsonl', null, 'dead-0@9'])
    expect(items[1]).toEqual({
      at: Date.UTC(2030, 0, 1),
      topic: 'orders',
      partition: 1,
      offset: 2,
      count: 5,
      target: 'dr.orders-3',
      code: 'TIMESTAMP_NOT_WRITABLE',
      reason: 'It was delivered, but stamped with the time of copying (TIMESTAMP_NOT_WRITABLE).',
      policy: 'altered',
      deadLetter: null
    })
  })

  it('are paged over rotated files; each comes once, although the job writes and rotates in between', async () => {
    trail.write([entry(1), entry(2), entry(3)])
    trail.close()
    renameSync(path(), `${path()}.1`)
    trail = new AuditTrail(dir.path)
    trail.write([entry(4), entry(5)])
    const first = await offsets({ limit: 1 })
    expect(first.offsets).toEqual([5])
    trail.write([entry(6)])
    trail.close()
    renameSync(`${path()}.1`, `${path()}.2`)
    renameSync(path(), `${path()}.1`)
    writeFileSync(path(), '')
    const second = await offsets({ limit: 2, cursor: first.nextCursor })
    expect(second.offsets).toEqual([4, 3])
    const third = await offsets({ limit: 2, cursor: second.nextCursor })
    expect(third).toEqual({ offsets: [2, 1], nextCursor: null })
  })

  it('are read past a line that was cut short', async () => {
    trail.write([entry(1)])
    appendFileSync(path(), '{"time":"2030-01-01T00:00:00.000Z","source":{"topic":"or')
    expect((await offsets()).offsets).toEqual([1])
  })

  it('are not looked for where a cursor does not say', async () => {
    trail.write([entry(1)])
    await expect(offsets({ cursor: '../../etc' })).rejects.toMatchObject({ code: 'MR_SERVICE_REQUEST' })
    expect(await offsets({ cursor: '1-1' })).toEqual({ offsets: [], nextCursor: null })
  })

  it('that can not be read are no empty page', async () => {
    mkdirSync(path())
    await expect(offsets()).rejects.toThrow('EISDIR')
  })
})
