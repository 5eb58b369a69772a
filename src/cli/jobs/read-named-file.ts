import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { jobsUsage } from './service-errors.ts'

/** A file that somebody named in an argument; - = stdin. */
export function readNamedFile(file: string, cwd: string): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(cwd, file), 'utf8')
  } catch (error) {
    throw jobsUsage(`${file} can't be read: ${(error as Error).message}.`)
  }
}
