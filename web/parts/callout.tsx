import type { ComponentChildren } from 'preact'
import type { PlanFinding, Reason } from '../../src/api/contract.ts'
import type { RequestFailed } from '../api/request-failed.ts'
import { placeWords } from '../format/place-words.ts'
import { CodeLink } from './code-link.tsx'

type CalloutTone = 'failed' | 'degraded' | 'moving' | 'plain'

interface CalloutProps {
  readonly tone: CalloutTone
  /** One sentence: what is the matter. */
  readonly what: ComponentChildren
  readonly next?: string | null
  readonly code?: string
  readonly place?: string
  readonly role?: 'alert' | 'status'
  readonly children?: ComponentChildren
}

/** What is the matter, what to do next, and where it is explained. */
export function Callout({ tone, what, next, code, place, role, children }: CalloutProps) {
  return (
    <div class={`callout ${tone}`} role={role}>
      <div class="what">{what}</div>
      {next && <div class="next">{next}</div>}
      {children}
      {(code || place) && (
        <div class="meta">
          {code && <CodeLink code={code} />}
          {place && <span class="wraps">{place}</span>}
        </div>
      )}
    </div>
  )
}

export function ReasonBox({ reason, tone }: { readonly reason: Reason; readonly tone: CalloutTone }) {
  return (
    <Callout tone={tone} what={reason.message} next={reason.next} code={reason.code} place={placeWords(reason.place)} />
  )
}

/** Refusals and warnings of a plan. */
export function Findings({
  findings,
  tone
}: {
  readonly findings: readonly PlanFinding[]
  readonly tone: CalloutTone
}) {
  return (
    <>
      {findings.map((finding, index) => (
        <Callout
          key={index}
          tone={tone}
          what={finding.message}
          next={finding.next}
          code={finding.code}
          place={placeWords({
            ...(finding.topic !== undefined && { topic: finding.topic }),
            ...(finding.partition !== undefined && { partition: finding.partition })
          })}
        />
      ))}
    </>
  )
}

/** A request that failed: cause, next step, each problem, what was sent back raw (folded), and a way to try again. */
export function ErrorBox({ error, retry }: { readonly error: RequestFailed; readonly retry?: () => void }) {
  const { problem, raw } = error
  return (
    <Callout
      tone="failed"
      role="alert"
      what={problem.detail}
      next={problem.next}
      code={problem.code}
      place={placeWords(problem.place)}
    >
      {problem.problems && problem.problems.length > 0 && (
        <ul>
          {problem.problems.map((one, index) => (
            <li key={index}>
              {one.where && <code>{one.where}</code>} {one.option && <code>{one.option}</code>} {one.message}
              {one.next && ` ${one.next}`}
            </li>
          ))}
        </ul>
      )}
      <div class="meta">
        {retry && (
          <button type="button" class="link" onClick={retry}>
            Try again
          </button>
        )}
        <details>
          <summary>Raw answer</summary>
          <pre>{raw || JSON.stringify(problem, undefined, 2)}</pre>
        </details>
      </div>
    </Callout>
  )
}
