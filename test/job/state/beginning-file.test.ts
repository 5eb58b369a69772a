import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readBeginning, writeBeginning } from '../../../src/job/state/beginning-file.ts'

const BEGINNING = { source: { 'orders-0': 5 }, target: { 'copy-0': 9 } }
const UNKNOWN = { source: {}, target: {} }

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-beginning-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('is read back for its group alone', async () => {
  expect(await readBeginning(directory, 'g')).toEqual(UNKNOWN)
  await writeBeginning(directory, 'g', BEGINNING)
  expect(await readBeginning(directory, 'g')).toEqual(BEGINNING)
  expect(await readBeginning(directory, 'other')).toEqual(UNKNOWN)
})

it('is unknown where the file is damaged', async () => {
  writeFileSync(join(directory, 'beginning.json'), '{"groupId": "g", "source"')
  expect(await readBeginning(directory, 'g')).toEqual(UNKNOWN)
})

it('says where it can not be written', async () => {
  await expect(writeBeginning(join(directory, 'gone', 'far'), 'g', BEGINNING)).rejects.toMatchObject({
    code: 'MR_STATE_DIR'
  })
})
