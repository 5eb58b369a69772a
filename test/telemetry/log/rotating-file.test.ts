import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { RotatingFile, type RotatingFileOptions } from '../../../src/telemetry/log/rotating-file.ts'
import { replaceBuiltin } from '../../helpers/replace-builtin.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'

/** A disk that takes so many bytes more; undone by what is returned. */
function fillDisk(free: number): () => void {
  const real = fs.writeSync as (fd: number, bytes: Uint8Array, from: number, length?: number) => number
  let left = free
  const writeSync = (fd: number, bytes: Uint8Array, from: number): number => {
    if (left === 0) throw new Error('ENOSPC: no space left on device, write')
    const written = real(fd, bytes, from, Math.min(left, bytes.length - from))
    left -= written
    return written
  }
  return replaceBuiltin(fs, 'writeSync', writeSync as typeof fs.writeSync)
}

describe('a rotating file', () => {
  let dir: TempDir
  let path: string
  let trouble: string[]
  let file: RotatingFile | undefined

  const open = (options: Partial<RotatingFileOptions> = {}): RotatingFile => {
    const onTrouble = (error: Error): void => void trouble.push(error.message)
    file = new RotatingFile({ path, maxSizeBytes: 100, maxFiles: 2, onTrouble, ...options })
    return file
  }
  const read = (name: string): string => fs.readFileSync(join(dir.path, name), 'utf8')
  const names = (): string[] => fs.readdirSync(dir.path).sort()

  beforeEach(async () => {
    dir = await tempDir()
    path = join(dir.path, 'job.log')
    trouble = []
  })
  afterEach(async () => {
    file?.close()
    await dir.remove()
  })

  it('has every line as soon as it is written, and is for its owner only', () => {
    expect(open().write('one\n')).toBe(true)
    expect(read('job.log')).toBe('one\n')
    expect(fs.statSync(path).mode & 0o777).toBe(0o600)
  })

  it('goes on where an earlier run ended, and leaves the mode that somebody gave it', () => {
    fs.writeFileSync(path, 'before\n', { mode: 0o640 })
    open().write('after\n')
    expect(read('job.log')).toBe('before\nafter\n')
    expect(fs.statSync(path).mode & 0o777).toBe(0o640)
  })

  it('after a process that was killed while it wrote: the half line spoils no other', () => {
    fs.writeFileSync(path, 'whole\nhal')
    open().write('after\n')
    expect(read('job.log')).toBe('whole\nhal\nafter\n')
  })

  it('is rotated before it becomes too large: no line lost, none torn, the oldest file gone', () => {
    const rotating = open()
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n} ${'x'.repeat(n % 30)} é\n`)
    for (const line of lines) expect(rotating.write(line)).toBe(true)
    expect(names()).toEqual(['job.log', 'job.log.1', 'job.log.2'])
    for (const name of names()) expect(fs.statSync(join(dir.path, name)).size).toBeLessThanOrEqual(100)
    const kept = read('job.log.2') + read('job.log.1') + read('job.log')
    expect(kept).not.toBe('')
    expect(lines.join('').endsWith(kept)).toBe(true)
    expect(trouble).toEqual([])
  })

  it('counts what an earlier run wrote', () => {
    fs.writeFileSync(path, 'x'.repeat(98) + '\n')
    open().write('new\n')
    expect(read('job.log')).toBe('new\n')
    expect(read('job.log.1')).toContain('xxx')
  })

  it('keeps a line that is too long for any file', () => {
    const rotating = open()
    rotating.write(`${'x'.repeat(500)}\n`)
    rotating.write('next\n')
    expect(read('job.log.1')).toHaveLength(501)
    expect(read('job.log')).toBe('next\n')
  })

  it('is made anew after somebody has moved or deleted it', () => {
    const rotating = open()
    rotating.write('one\n')
    fs.renameSync(path, join(dir.path, 'elsewhere'))
    rotating.write('two\n')
    expect(read('job.log')).toBe('two\n')
    fs.rmSync(path)
    rotating.write('three\n')
    expect(read('job.log')).toBe('three\n')
    expect(trouble).toEqual([])
  })

  it('behind a link: the link stays', () => {
    fs.mkdirSync(join(dir.path, 'real'))
    fs.writeFileSync(join(dir.path, 'real/file'), '')
    fs.symlinkSync(join(dir.path, 'real/file'), path)
    const rotating = open()
    for (let n = 0; n < 12; n++) rotating.write('0123456789\n')
    expect(fs.lstatSync(path).isSymbolicLink()).toBe(true)
    expect(fs.readdirSync(join(dir.path, 'real')).sort()).toEqual(['file', 'file.1'])
  })

  it('that can not be written any more tells once, refuses lines, and goes on when it can', () => {
    const rotating = open()
    rotating.write('one\n')
    fs.rmSync(path)
    fs.mkdirSync(path)
    expect([rotating.write('two\n'), rotating.write('three\n')]).toEqual([false, false])
    expect(trouble).toEqual([expect.stringContaining('is not a file')])
    fs.rmdirSync(path)
    expect(rotating.write('four\n')).toBe(true)
    expect(read('job.log')).toBe('four\n')
  })

  it('on a full disk: the half line that was written spoils no other', () => {
    const rotating = open()
    rotating.write('one\n')
    const makeRoom = fillDisk(5)
    onTestFinished(makeRoom)
    expect([rotating.write('{"two": 2}\n'), rotating.write('three\n')]).toEqual([false, false])
    expect(trouble).toEqual([expect.stringContaining('ENOSPC')])
    makeRoom()
    expect(rotating.write('four\n')).toBe(true)
    expect(read('job.log')).toBe('one\n{"two\nfour\n')
  })

  it('that can not be renamed is written all the same', () => {
    fs.mkdirSync(`${path}.1`)
    fs.writeFileSync(`${path}.1/full`, '')
    const rotating = open({ maxFiles: 1 })
    for (let n = 0; n < 12; n++) expect(rotating.write('0123456789\n')).toBe(true)
    expect(read('job.log')).toHaveLength(12 * 11)
    expect(trouble).toHaveLength(1)
  })

  describe('is refused when it', () => {
    it.each<[string, (path: string) => string]>([
      ['is in a directory that is not there', (path) => join(path, 'none', 'job.log')],
      ['is a directory', (path) => path],
      ['is a device', () => '/dev/null'],
      [
        'is a pipe, which would be waited for',
        (path) => {
          execFileSync('mkfifo', [join(path, 'pipe')])
          return join(path, 'pipe')
        }
      ]
    ])('%s', (_, at) => {
      const refused = { code: 'MR_LOG_FILE', kind: 'configuration', place: { option: 'log.file' } }
      expect(() => open({ path: at(dir.path) })).toThrow(expect.objectContaining(refused))
    })
  })
})
