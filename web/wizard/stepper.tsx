import { Icon } from '../parts/icon.tsx'
import { type FieldProblem, isReachable, stepStates } from './logic/check-steps.ts'
import { STEPS, type StepId, stepAddress } from './logic/steps.ts'

interface StepperProps {
  readonly job: string | undefined
  readonly current: StepId
  readonly problems: readonly FieldProblem[]
}

/** The steps with their addresses; those that need what is still missing can't be opened. */
export function Stepper({ job, current, problems }: StepperProps) {
  const states = stepStates(problems)
  const place = STEPS.findIndex(({ id }) => id === current)
  return (
    <nav aria-label="Steps" class="stepper">
      <ol>
        {STEPS.map(({ id, title }, index) => {
          const isOpen = job !== undefined && isReachable(id, problems)
          const isDone = isOpen && states[id] === 'done' && (index < place || job !== undefined)
          const content = (
            <>
              <span class="number" aria-hidden="true">
                {isDone && index < place ? <Icon name="check" /> : index + 1}
              </span>
              <span class="word">{title}</span>
            </>
          )
          return (
            <li key={id} class={index < place ? 'past' : ''}>
              {id === current ? (
                <span class="step" aria-current="step">
                  {content}
                </span>
              ) : isOpen ? (
                <a class="step" href={stepAddress(job, id)}>
                  {content}
                </a>
              ) : (
                <span class="step closed">{content}</span>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
