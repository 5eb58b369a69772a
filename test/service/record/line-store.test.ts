import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LineStore } from '../../../src/service/record/line-store.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

interface Row {
  readonly id: number
  readonly text: string
}

describe('rows on disk', () => {
  let dir: TempDir
  let path: string
  const open = async (maxSizeBytes = 1000, maxFiles = 3) => await LineStore.open<Row>({ path, maxSizeBytes, maxFiles })
  const ids = (rows: readonly Row[]): number[] => rows.map(({ id }) => id)

  beforeEach(async () => {
    dir = await tempDir()
    path = join(dir.path, 'rows.jsonl')
  })
  afterEach(() => dir.remove())

  it('are for their owner only', async () => {
    const store = await open()
    store.append({ text: 'a' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    store.close()
  })

  it('are none where there is no file', async () => {
    const store = await open()
    expect(await store.read({ limit: 10 })).toEqual([])
    expect(await store.count()).toBe(0)
    expect(readdirSync(dir.path)).toEqual([])
  })

  it('go on with their ids after a restart, also over rotated files', async () => {
    const first = await open(200)
    for (let n = 1; n <= 12; n++) first.append({ text: `row ${n}` })
    first.close()
    rmSync(path)
    const second = await open(200)
    const { id } = second.append({ text: 'next' })
    const kept = ids(await second.read({ limit: 100 }))
    expect(id).toBe((kept[1] ?? 0) + 1)
    second.close()
  })

  it('are bounded on disk, and the oldest go first', async () => {
    const store = await open(500, 2)
    for (let n = 0; n < 500; n++) store.append({ text: `row ${n}` })
    const kept = ids(await store.read({ limit: 1000 }))
    expect(kept[0]).toBe(500)
    expect(kept).toEqual([...kept].sort((a, b) => b - a))
    expect(await store.count()).toBe(kept.length)
    const bytes = readdirSync(dir.path).reduce((sum, name) => sum + statSync(join(dir.path, name)).size, 0)
    expect(bytes).toBeLessThanOrEqual(1500)
    store.close()
  })

  it('that were cut short by a crash are not read, and spoil no other', async () => {
    const before = await open()
    before.append({ text: 'whole' })
    before.close()
    appendFileSync(path, '{"id":2,"text":"to')
    const { size } = statSync(path)
    const after = await open()
    // A disk that is full must not keep the service from starting.
    expect(statSync(path).size).toBe(size)
    // Somebody may have been told of it, so its id is not given again.
    expect(after.append({ text: 'next' }).id).toBe(3)
    expect(await after.read({ limit: 10 })).toEqual([
      { id: 3, text: 'next' },
      { id: 1, text: 'whole' }
    ])
    after.close()
  })

  it('are read past lines that are something else', async () => {
    writeFileSync(path, '{"id":1,"text":"a"}\nnonsense\n\n{"id":2,"te\n{"id":3,"text":"b"}\n')
    const store = await open()
    expect(ids(await store.read({ limit: 10 }))).toEqual([3, 1])
    expect(ids(await store.read({ limit: 10, after: 1 }))).toEqual([3])
  })

  it('are lost where the disk takes none; that is told until it takes one, and ids go on', async () => {
    const store = await open()
    store.append({ text: 'a' })
    // A directory where the file was: nothing can be written, whoever the user is.
    renameSync(path, `${path}.moved`)
    mkdirSync(path)
    expect(store.append({ text: 'b' }).id).toBe(2)
    expect(store.trouble?.message).toContain('not a file')
    store.append({ text: 'c' })
    expect(store.trouble?.message).toContain('not a file')
    rmSync(path, { recursive: true })
    renameSync(`${path}.moved`, path)
    expect(store.append({ text: 'd' }).id).toBe(4)
    expect(store.trouble).toBeUndefined()
    expect(ids(await store.read({ limit: 10 }))).toEqual([4, 1])
    store.close()
  })

  it('that can not be read are no empty list', async () => {
    writeFileSync(path, '{"id":1,"text":"a"}\n')
    chmodSync(path, 0)
    if (process.getuid?.() !== 0) await expect(open()).rejects.toThrow('EACCES')
    chmodSync(path, 0o600)
  })

  it('longer than what is read at once, and of more than one byte a character, are read whole', async () => {
    const store = await open(10_000_000)
    const long = 'ü€😀'.repeat(40_000)
    for (const text of ['a', long, 'b', long, 'c']) store.append({ text })
    const rows = await store.read({ limit: 10 })
    expect(rows.map(({ text }) => text === long || text.length)).toEqual([1, true, 1, true, 1])
    expect((await store.read({ limit: 1, after: 3 }))[0]?.text).toBe(long)
    expect((await store.read({ limit: 1, before: 3 }))[0]?.text).toBe(long)
    store.close()
  })

  it('are found by any id, before and after, however they are spread over files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 60, max: 2000 }),
        fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 20 }),
        async (maxSizeBytes, lengths, id, limit) => {
          const own = join(dir.path, `${Math.random()}.jsonl`)
          const store = await LineStore.open<Row>({ path: own, maxSizeBytes, maxFiles: 100 })
          for (const length of lengths) store.append({ text: 'x'.repeat(length) })
          const all = lengths.map((_, n) => n + 1)
          const below = all.filter((one) => one < id).reverse()
          expect(ids(await store.read({ limit, before: id }))).toEqual(below.slice(0, limit))
          const above = all.filter((one) => one > id)
          expect(ids(await store.read({ limit, after: id }))).toEqual(above.slice(0, limit))
          store.close()
        }
      ),
      { numRuns: 60 }
    )
  }, 30_000)

  it('are paged from the end without reading what is before', async () => {
    const store = await open(100_000_000)
    const text = 'x'.repeat(1000)
    for (let n = 0; n < 20_000; n++) store.append({ text })
    let parsed = 0
    const mayMatch = (): boolean => ++parsed > 0
    expect(ids(await store.read({ limit: 5, before: 10_000, mayMatch }))).toEqual([9999, 9998, 9997, 9996, 9995])
    expect(parsed).toBeLessThan(100)
    expect(readFileSync(path).length).toBeGreaterThan(20_000_000)
    store.close()
  }, 30_000)
})
