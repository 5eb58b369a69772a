import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MillraceError } from '../../model/millrace-error.ts'
import type { Shape } from '../shape.ts'
import { readYamlFile, writeYaml } from '../store/whole-file.ts'

/**
 * A value that is one YAML file, for people to read.
 *
 * Invariant: `value` is what the disk has. A file that is damaged is never written: `damage` says so, and what it has is
 * not known.
 */
export class KeptFile<T extends object> {
  readonly damage: MillraceError | undefined
  readonly #path: string
  readonly #heading: string
  #value: T

  private constructor(path: string, heading: string, value: T, damage: MillraceError | undefined) {
    this.#path = path
    this.#heading = heading
    this.#value = value
    this.damage = damage
  }

  static async open<T extends object>(
    path: string,
    heading: string,
    shape: Shape<T>,
    initial: T
  ): Promise<KeptFile<T>> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      return new KeptFile(path, heading, (await readYamlFile(path, shape)) ?? initial, undefined)
    } catch (error) {
      if (error instanceof MillraceError) return new KeptFile(path, heading, initial, error)
      throw error
    }
  }

  get value(): T {
    return this.#value
  }

  /** Rejects with MR_SERVICE_STORAGE or MR_SERVICE_TORN; then nothing has changed. */
  async save(value: T): Promise<void> {
    if (this.damage !== undefined) throw this.damage
    await writeYaml(this.#path, this.#heading, value)
    this.#value = value
  }
}
