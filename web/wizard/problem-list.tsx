import type { ConfigProblem } from '../../src/api/contract.ts'
import { STEPS, stepAddress, stepOf } from './logic/steps.ts'

/** What the service finds wrong with a configuration, each with the step where it is set. */
export function ProblemList({ problems, job }: { readonly problems: readonly ConfigProblem[]; readonly job: string }) {
  return (
    <div class="callout failed" role="alert">
      <div class="what">
        {problems.length === 1 ? 'One thing is wrong' : `${String(problems.length)} things are wrong`} with this
        configuration.
      </div>
      <ul>
        {problems.map((problem, index) => {
          const step = STEPS.find(({ id }) => id === stepOf(problem.option))
          return (
            <li key={index}>
              {problem.option && <code>{problem.option}</code>} {problem.message}
              {problem.next && `. ${problem.next}`} {step && <a href={stepAddress(job, step.id)}>Go to {step.title}</a>}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
