import type { ConnectionTest } from '../../src/api/contract.ts'
import { formatDuration } from '../format/durations.ts'
import { CodeLink } from '../parts/code-link.tsx'
import { Mark } from '../parts/state-mark.tsx'

const STAGES = ['dns', 'tcp', 'protocol', 'metadata', 'group coordinator'] as const
const WORDS: Readonly<Record<(typeof STAGES)[number], string>> = {
  dns: 'Name',
  tcp: 'Network',
  protocol: 'TLS and login',
  metadata: 'Cluster',
  'group coordinator': 'Groups'
}

/** What a test found, stage by stage; those after the first that failed were not reached. */
export function Stages({
  test,
  isRunning
}: {
  readonly test: ConnectionTest | undefined
  readonly isRunning?: boolean
}) {
  return (
    <ol class="stages" aria-label="Stages of the test" aria-live="polite" aria-busy={isRunning}>
      {STAGES.map((stage) => {
        const found = isRunning ? undefined : test?.stages.find((other) => other.stage === stage)
        return (
          <li key={stage} class={found ? (found.ok ? 'ok' : 'bad') : ''}>
            {found ? (
              <Mark word={WORDS[stage]} tone={found.ok ? 'running' : 'failed'} shape={found.ok ? 'check' : 'diamond'} />
            ) : (
              <Mark word={WORDS[stage]} tone={isRunning ? 'moving' : 'ended'} shape={isRunning ? 'ring' : 'circle'} />
            )}
            <span class="detail">
              {found ? found.detail : isRunning ? '' : test ? 'not reached' : ''}
              {found?.next && <span class="next"> {found.next}</span>}
              {found?.code && (
                <>
                  {' '}
                  <CodeLink code={found.code} />
                </>
              )}
            </span>
            <span class="quiet-text">{found && formatDuration(found.milliseconds)}</span>
          </li>
        )
      })}
      <li class="later">
        <Mark word="Permissions" tone="ended" shape="dashed" />
        <span class="detail">not part of this test; a plan names what is refused</span>
      </li>
    </ol>
  )
}
