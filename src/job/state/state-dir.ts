import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { MillraceError } from '../../model/millrace-error.ts'

/** What a job remembers of a cluster that refused its credentials. */
export interface RefusedCredentials {
  readonly cluster: 'source' | 'target'
  /** Salted hash of user name and secret: tells whether they changed, and nothing else. */
  readonly fingerprint: string
  readonly text: string
}

interface State {
  /** Names this instance of the job to the group, so that two on one host don't fence each other. */
  readonly instance: string
  /** Consumer groups that have had commits of this job. */
  readonly groups: readonly string[]
  readonly salt: string
  readonly refused?: RefusedCredentials
}

const FILE = 'state.json'

/**
 * What must outlive a process: one JSON file, replaced as a whole, in a directory that only its owner can enter.
 *
 * Invariant: the file on disk is always complete; `instance` never changes once written.
 */
export class StateDir {
  readonly #path: string
  #state: State

  private constructor(path: string, state: State) {
    this.#path = path
    this.#state = state
  }

  static async open(path: string): Promise<StateDir> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 })
      const known = await readState(join(path, FILE))
      if (known !== undefined) return new StateDir(path, known)
      const fresh = new StateDir(path, {
        instance: randomBytes(6).toString('hex'),
        groups: [],
        salt: randomBytes(16).toString('hex')
      })
      await fresh.#save(fresh.#state)
      return fresh
    } catch (error) {
      throw stateError(path, error)
    }
  }

  /** Reads without making anything: whether the job has run with this group, as far as this directory knows. */
  static async hasRun(path: string, groupId: string): Promise<boolean> {
    try {
      return (await readState(join(path, FILE)))?.groups.includes(groupId) ?? false
    } catch (error) {
      throw stateError(path, error)
    }
  }

  get instance(): string {
    return this.#state.instance
  }

  hasRun(groupId: string): boolean {
    return this.#state.groups.includes(groupId)
  }

  get refused(): RefusedCredentials | undefined {
    return this.#state.refused
  }

  fingerprint(parts: readonly (string | undefined)[]): string {
    const hash = createHash('sha256').update(this.#state.salt)
    for (const part of parts) hash.update(`\0${part === undefined ? 'none' : `is ${part}`}`)
    return hash.digest('hex')
  }

  async markRun(groupId: string): Promise<void> {
    if (this.hasRun(groupId)) return
    await this.#save({ ...this.#state, groups: [...this.#state.groups, groupId] })
  }

  async refuse(refused: RefusedCredentials): Promise<void> {
    await this.#save({ ...this.#state, refused })
  }

  async forgetRefusal(): Promise<void> {
    const { refused, ...state } = this.#state
    if (refused !== undefined) await this.#save(state)
  }

  async #save(state: State): Promise<void> {
    try {
      await writeFileAtomic(join(this.#path, FILE), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
    } catch (error) {
      throw stateError(this.#path, error)
    }
    this.#state = state
  }
}

async function readState(file: string): Promise<State | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const state = JSON.parse(text) as Partial<State>
  if (typeof state.instance !== 'string' || !Array.isArray(state.groups) || typeof state.salt !== 'string') {
    throw new Error(`${file} is not a state of millrace`)
  }
  return state as State
}

function stateError(path: string, cause: unknown): MillraceError {
  if (cause instanceof MillraceError) return cause
  return new MillraceError({
    code: 'MR_STATE_DIR',
    kind: 'configuration',
    message: `The state in ${path} can't be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: 'Make stateDir a directory that this user may write to; a damaged state.json may be deleted, which lets the job begin as a new one.',
    place: { option: 'stateDir' },
    cause
  })
}
