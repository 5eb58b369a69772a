import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendLine } from '../../src/sink/append-line.ts'
import { tempDir, type TempDir } from '../helpers/temp-dir.ts'

let temp: TempDir
let path: string

beforeEach(async () => {
  temp = await tempDir()
  path = join(temp.path, 'lines')
})
afterEach(async () => {
  await temp.remove()
})

describe('lines in a file that several processes append to', () => {
  it('are whole, whatever their number and size', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(1 + index * 1000))
    await Promise.all(lines.map(async (line) => await appendLine(path, line)))
    expect((await readFile(path, 'utf8')).trimEnd().split('\n').toSorted()).toEqual(lines.toSorted())
  })

  it('are for their owner only', async () => {
    await appendLine(path, 'a')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('begin anew behind one that a crash tore', async () => {
    await writeFile(path, 'whole\nto')
    await appendLine(path, 'next')
    expect(await readFile(path, 'utf8')).toBe('whole\nto\nnext\n')
  })

  it('are refused where there is no such directory', async () => {
    await expect(appendLine(join(path, 'deep'), 'a')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
