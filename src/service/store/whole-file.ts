import { open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parse, stringify } from 'yaml'
import writeFileAtomic from 'write-file-atomic'
import type { Shape } from '../shape.ts'
import { storageError, tornFile } from './storage-errors.ts'

/** The last line of every YAML file of the service: a file without it was cut off. */
const END = '# complete\n'

/** Replaces a file as a whole; when this resolves, the disk has it. Rejects with MR_SERVICE_STORAGE, the old file kept. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text, { mode: 0o600 })
    await syncDirectory(dirname(path))
  } catch (error) {
    throw storageError(path, 'written', error)
  }
}

/** Undefined = there is no such file. */
export async function readWhole(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw storageError(path, 'read', error)
  }
}

export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
    await syncDirectory(dirname(path))
  } catch (error) {
    throw storageError(path, 'removed', error)
  }
}

/** `heading`: what the file is, for who opens it. */
export async function writeYaml(path: string, heading: string, value: object): Promise<void> {
  await writeWhole(path, yamlText(heading, value))
}

export function yamlText(heading: string, value: object): string {
  return `# ${heading}\n${stringify(value, { lineWidth: 0 })}${END}`
}

/** Undefined = there is no such file. Rejects with MR_SERVICE_TORN when it is not what it should be. */
export async function readYamlFile<T>(path: string, shape: Shape<T>): Promise<T | undefined> {
  const text = await readWhole(path)
  return text === undefined ? undefined : parseYaml(path, text, shape)
}

export function parseYaml<T>(path: string, text: string, shape: Shape<T>): T {
  if (!text.endsWith(END)) throw tornFile(path, `its last line is not "${END.trim()}"`)
  let value: unknown
  try {
    value = parse(text, { prettyErrors: false })
  } catch (error) {
    throw tornFile(path, error instanceof Error ? error.message : String(error))
  }
  if (!shape(value)) throw tornFile(path, 'it does not have the fields that it must have')
  return value
}

/** What was renamed into a directory is there after a power failure, too. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
