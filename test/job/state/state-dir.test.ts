import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StateDir } from '../../../src/job/state/state-dir.ts'
import { tempDir, type TempDir } from '../../helpers/temp-dir.ts'

let temp: TempDir
let path: string
let file: string

beforeEach(async () => {
  temp = await tempDir()
  path = join(temp.path, 'deep', 'state')
  file = join(path, 'state.json')
})

afterEach(async () => {
  await temp.remove()
})

const modeOf = async (of: string) => (await stat(of)).mode & 0o777

describe('the state directory', () => {
  it('is entered and read by its owner only', async () => {
    const state = await StateDir.open(path)
    await state.markRun('g')
    expect(await modeOf(path)).toBe(0o700)
    expect(await modeOf(file)).toBe(0o600)
    expect(await readdir(path)).toEqual(['state.json'])
  })

  it('names the instance once and for all', async () => {
    const { instance } = await StateDir.open(path)
    const again = await StateDir.open(path)
    await again.markRun('g')
    expect((await StateDir.open(path)).instance).toBe(instance)
    expect(instance).toMatch(/^[0-9a-f]{12}$/)
  })

  it('of two jobs has two instances', async () => {
    const other = await StateDir.open(join(path, 'other'))
    expect((await StateDir.open(path)).instance).not.toBe(other.instance)
  })

  it('remembers with which group the job has run', async () => {
    expect(await StateDir.hasRun(path, 'g')).toBe(false)
    const state = await StateDir.open(path)
    expect(state.hasRun('g')).toBe(false)
    await state.markRun('g')
    expect(await StateDir.hasRun(path, 'g')).toBe(true)
    expect(await StateDir.hasRun(path, 'another')).toBe(false)
    expect((await StateDir.open(path)).hasRun('g')).toBe(true)
  })

  it('is not made by looking', async () => {
    await StateDir.hasRun(path, 'g')
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('remembers refused credentials until they are forgotten, and no secret', async () => {
    const state = await StateDir.open(path)
    const refused = { cluster: 'target', fingerprint: state.fingerprint(['mirror', 'hunter2']), text: 'wrong' } as const
    await state.refuse(refused)
    expect((await StateDir.open(path)).refused).toEqual(refused)
    expect(await readFile(file, 'utf8')).not.toContain('hunter2')
    await state.forgetRefusal()
    expect((await StateDir.open(path)).refused).toBeUndefined()
  })

  it.each(['{"instance":', '{}', '[]', '{"instance":"a","groups":"yes","salt":"b"}', ''])(
    'that is damaged (%j) is refused with what to do, and left as it is',
    async (text) => {
      await mkdir(path, { recursive: true })
      await writeFile(file, text)
      const refusal = { code: 'MR_STATE_DIR', kind: 'configuration', place: { option: 'stateDir' } }
      await expect(StateDir.open(path)).rejects.toMatchObject(refusal)
      await expect(StateDir.hasRun(path, 'g')).rejects.toMatchObject(refusal)
      expect(await readFile(file, 'utf8')).toBe(text)
    }
  )

  it('where a file is in the way is refused', async () => {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, '')
    await expect(StateDir.open(path)).rejects.toMatchObject({ code: 'MR_STATE_DIR' })
  })

  it('that others may enter still keeps its file from them', async () => {
    await mkdir(path, { recursive: true, mode: 0o755 })
    await StateDir.open(path)
    expect(await modeOf(file)).toBe(0o600)
  })
})

describe('a fingerprint of credentials', () => {
  it('is the same for the same, and another for anything else', async () => {
    const state = await StateDir.open(path)
    const same = state.fingerprint(['user', 'secret'])
    expect(state.fingerprint(['user', 'secret'])).toBe(same)
    const others = [
      ['user', 'other'],
      ['usersecret'],
      ['user', undefined, 'secret'],
      ['user', 'secret', ''],
      ['secret', 'user']
    ]
    const all = others.map((parts) => state.fingerprint(parts))
    expect(new Set([same, ...all]).size).toBe(all.length + 1)
    expect(state.fingerprint([undefined])).not.toBe(state.fingerprint(['none']))
  })

  it('of one job says nothing to another', async () => {
    const other = await StateDir.open(join(path, 'other'))
    const state = await StateDir.open(path)
    expect(state.fingerprint(['user', 'secret'])).not.toBe(other.fingerprint(['user', 'secret']))
  })
})
