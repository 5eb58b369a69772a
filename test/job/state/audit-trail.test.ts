import { mkdir, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditTrail } from '../../../src/job/state/audit-trail.ts'
import { readAudit } from '../../../src/job/state/read-audit.ts'
import type { AuditEntry } from '../../../src/model/audit-entry.ts'
import { tempDir, type TempDir } from '../../helpers/temp-dir.ts'

let temp: TempDir
beforeEach(async () => {
  temp = await tempDir()
})
afterEach(async () => {
  await temp.remove()
})

const entryAt = (offset: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  time: '2026-01-31T12:00:00.000Z',
  source: { topic: 'orders', partition: 0, offset },
  count: 1,
  target: { topic: 'orders', partition: 0 },
  reason: 'MSG_SIZE_TOO_LARGE',
  policy: 'skip',
  ...more
})

describe('the audit trail', () => {
  it('is made with its first entry, for its owner only', async () => {
    const trail = new AuditTrail(temp.path)
    trail.write([])
    expect(await readdir(temp.path)).toEqual([])
    trail.write([entryAt(1)])
    expect(await readdir(temp.path)).toEqual(['audit.jsonl'])
    expect((await stat(join(temp.path, 'audit.jsonl'))).mode & 0o777).toBe(0o600)
    trail.close()
  })

  it('has each entry on a line when it says so, and goes on where an earlier run ended', async () => {
    for (const offset of [1, 5]) {
      const trail = new AuditTrail(temp.path)
      trail.write([entryAt(offset), entryAt(offset + 1)])
      const lines = (await readFile(join(temp.path, 'audit.jsonl'), 'utf8')).trimEnd().split('\n')
      expect(lines.slice(-2).map((line) => JSON.parse(line) as unknown)).toEqual([entryAt(offset), entryAt(offset + 1)])
      trail.close()
    }
    expect((await readFile(join(temp.path, 'audit.jsonl'), 'utf8')).split('\n')).toHaveLength(5)
  })

  it('is understood by whoever verifies the copy', async () => {
    const trail = new AuditTrail(temp.path)
    trail.write([entryAt(3), entryAt(10, { policy: 'altered', count: 5, reason: 'TIMESTAMP_NOT_WRITABLE' })])
    trail.close()
    const audited = (await readAudit(temp.path)).get('orders-0')
    expect([2, 3, 4, 10, 14, 15].map((offset) => audited?.at(offset))).toEqual([
      undefined,
      'removed',
      undefined,
      'altered',
      'altered',
      undefined
    ])
  })

  it('that can not be written is an error, and is tried again with the next entry', async () => {
    const path = join(temp.path, 'state')
    const trail = new AuditTrail(path)
    expect(() => trail.write([entryAt(1)])).toThrow(expect.objectContaining({ code: 'MR_AUDIT_FAILED' }))
    await mkdir(path)
    trail.write([entryAt(1)])
    trail.close()
    expect(await readdir(path)).toEqual(['audit.jsonl'])
  })
})
