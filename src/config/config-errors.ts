import { MillraceError } from '../model/millrace-error.ts'

export interface ConfigProblem {
  /** `job.yaml:3:5`, `--set target.accept`, `MILLRACE_WORKERS`, or the file where something is missing. */
  readonly where: string
  /** The option's path, such as `source.security.password`; empty for a file that can't be read or parsed. */
  readonly option: string
  readonly message: string
  readonly next?: string
}

/** Everything that is wrong with a configuration, in the order in which a reader of the file meets it. */
export class ConfigErrors extends MillraceError {
  readonly problems: readonly ConfigProblem[]

  constructor(found: readonly ConfigProblem[]) {
    const problems = [...found].sort(byPlace)
    const first = problems[0]
    super({
      code: 'MR_CONFIG_INVALID',
      kind: 'configuration',
      message: problems.map(describeProblem).join('\n'),
      ...(problems.length === 1 && first !== undefined
        ? { place: { file: first.where, ...(first.option === '' ? {} : { option: first.option }) } }
        : {})
    })
    this.problems = problems
  }
}

/** By line and column inside a file; files before variables before flags; the rest as it was found. */
function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  const [left, right] = [placeOf(a), placeOf(b)]
  return left.layer - right.layer || left.line - right.line || left.column - right.column
}

function placeOf({ where }: ConfigProblem): { layer: number; line: number; column: number } {
  const match = /(?:^|:)(\d+):(\d+)$/.exec(where)
  if (match !== null) return { layer: 0, line: Number(match[1]), column: Number(match[2]) }
  const layer = where.startsWith('--set') ? 3 : where.startsWith('MILLRACE_') ? 2 : 1
  return { layer, line: 0, column: 0 }
}

/** `job.yaml:3:5: topics.inclde: unknown option. Did you mean "include"?` */
export function describeProblem({ where, option, message, next }: ConfigProblem): string {
  const subject = where === `--set ${option}` ? where : [where, option].filter((part) => part !== '').join(': ')
  return `${subject === '' ? '' : `${subject}: `}${message}.${next === undefined ? '' : ` ${next}`}`
}
