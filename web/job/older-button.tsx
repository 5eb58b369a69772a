import type { Action } from '../api/use-action.ts'
import { ErrorBox } from '../parts/callout.tsx'

/** At the end of a list of which there is more. */
export function OlderButton({ older, isMore }: { readonly older: Action<[]>; readonly isMore: boolean }) {
  return (
    <>
      {older.error && <ErrorBox error={older.error} />}
      {isMore && (
        <div class="row">
          <button
            type="button"
            class="quiet"
            disabled={older.isRunning}
            aria-busy={older.isRunning}
            onClick={() => void older.run()}
          >
            Load older
          </button>
        </div>
      )}
    </>
  )
}
