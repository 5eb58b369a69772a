import type { Job, JsonMap, JsonValue } from '../../src/api/contract.ts'
import type { Path } from './logic/json-path.ts'
import type { Preview } from './use-preview.ts'

/** What every step of the wizard is given. */
export interface StepProps {
  readonly config: JsonMap
  readonly set: (path: Path, value: JsonValue | undefined) => void
  /** What is wrong with an option, once that may be said. */
  readonly wrong: (option: string) => string | undefined
  readonly preview: Preview
  /** As it is stored; null = not yet. */
  readonly job: Job | null
  readonly yaml: string
}
