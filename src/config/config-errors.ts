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

  constructor(problems: readonly ConfigProblem[]) {
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

/** `job.yaml:3:5: topics.inclde: unknown option. Did you mean "include"?` */
export function describeProblem({ where, option, message, next }: ConfigProblem): string {
  const subject = option === '' || where === `--set ${option}` ? where : `${where}: ${option}`
  return `${subject}: ${message}.${next === undefined ? '' : ` ${next}`}`
}
