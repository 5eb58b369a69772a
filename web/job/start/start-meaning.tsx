import { ErrorBox, Findings } from '../../parts/callout.tsx'
import { Count } from '../../parts/figures.tsx'
import { Loading } from '../../parts/view-states.tsx'
import type { StartPreviewState } from './use-start-preview.ts'

export function StartMeaning({ preview: { value, error } }: { readonly preview: StartPreviewState }) {
  if (error) return <ErrorBox error={error} />
  if (!value) return <Loading what="what it means" />
  return (
    <>
      <p>{value.sentence}</p>
      <dl class="facts">
        <dt>To copy</dt>
        <dd>
          <Count value={value.records} /> records
        </dd>
        <dt>Of these again</dt>
        <dd class={value.again > 0 ? 'tone-degraded' : ''}>
          <Count value={value.again} /> records
        </dd>
        <dt>Skipped for good</dt>
        <dd class={value.skipped !== null && value.skipped > 0 ? 'tone-degraded' : ''}>
          <Count value={value.skipped} /> records
        </dd>
        <dt>Commits of the group</dt>
        <dd class={value.resets ? 'tone-failed' : ''}>
          {value.resets ? 'are overwritten' : value.progress === 'fresh' ? 'none yet' : 'stay'}
        </dd>
      </dl>
      <Findings findings={value.refusals} tone="failed" />
      <Findings findings={value.warnings} tone="degraded" />
    </>
  )
}
