import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import type { AlarmRuleInput, JobLifecycleState } from '../../api/contract.ts'
import { checkPrecondition } from '../page.ts'
import { notFound } from '../service-errors.ts'
import type { Precondition } from '../service-port.ts'
import { Serial } from '../serial.ts'
import { flag, list, number, record, type Shape, text, whole, word } from '../shape.ts'
import { checkRule } from './check-rule.ts'
import { KeptFile } from './kept-file.ts'

export interface StoredRule extends AlarmRuleInput {
  readonly id: string
  readonly revision: number
}

interface RulesFile {
  readonly rules: readonly StoredRule[]
}

const state = word<JobLifecycleState>(
  ...(['DRAFT', 'SUBMITTED', 'STARTING', 'RUNNING', 'PAUSED', 'DEGRADED'] as const),
  ...(['STOPPING', 'STOPPED', 'COMPLETED', 'FAILED', 'AUTH_FAILED'] as const)
)
const compared = record({ is: word('above', 'below'), value: number })
const oneOf = record({ is: word('one of'), states: list(state) })
const condition: Shape<AlarmRuleInput['condition']> = (value): value is AlarmRuleInput['condition'] =>
  compared(value) || oneOf(value)

const rulesFile: Shape<RulesFile> = record({
  rules: list(
    record({
      id: text,
      revision: whole,
      title: text,
      jobs: list(text),
      subject: word(
        ...(['state', 'lagRecords', 'lagSeconds', 'latencyP99Ms', 'recordsPerSecond', 'bytesPerSecond'] as const),
        ...(['backPressure', 'badRecords', 'certificateDays'] as const)
      ),
      condition,
      forSeconds: number,
      severity: word('warning', 'critical'),
      notify: list(text),
      enabled: flag
    })
  )
})

/** The rules of `alarms/rules.yaml`. */
export class AlarmRules {
  readonly #file: KeptFile<RulesFile>
  readonly #serial = new Serial()

  private constructor(file: KeptFile<RulesFile>) {
    this.#file = file
  }

  static async open(directory: string): Promise<AlarmRules> {
    const path = join(directory, 'rules.yaml')
    return new AlarmRules(await KeptFile.open(path, 'Alarm rules of the millrace service', rulesFile, { rules: [] }))
  }

  /** Why the file can't be used. */
  get damage(): Error | undefined {
    return this.#file.damage
  }

  get all(): readonly StoredRule[] {
    return this.#file.value.rules
  }

  get(id: string): StoredRule {
    const rule = this.all.find((one) => one.id === id)
    if (rule === undefined) throw notFound(`alarm rule ${id}`)
    return rule
  }

  /** What changes nothing makes no revision. @param channels the names of those there are */
  async put(id: string, input: AlarmRuleInput, on: Precondition, channels: readonly string[]): Promise<StoredRule> {
    return await this.#serial.run(async () => {
      if (this.#file.damage !== undefined) throw this.#file.damage
      const before = this.all.find((rule) => rule.id === id)
      checkPrecondition(`alarm rule ${id}`, before?.revision, on)
      checkRule(input, channels)
      const rule: StoredRule = { ...input, id, revision: before?.revision ?? 1 }
      if (isDeepStrictEqual(before, rule)) return rule
      const changed = { ...rule, revision: (before?.revision ?? 0) + 1 }
      const others = this.all.filter((one) => one.id !== id)
      const place = before === undefined ? others.length : this.all.indexOf(before)
      await this.#file.save({ rules: others.toSpliced(place, 0, changed) })
      return changed
    })
  }

  async delete(id: string, on: Precondition): Promise<void> {
    await this.#serial.run(async () => {
      if (this.#file.damage !== undefined) throw this.#file.damage
      checkPrecondition(`alarm rule ${id}`, this.get(id).revision, on)
      await this.#file.save({ rules: this.all.filter((rule) => rule.id !== id) })
    })
  }
}
