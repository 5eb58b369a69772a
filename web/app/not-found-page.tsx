import { Empty } from '../parts/view-states.tsx'
import { Page } from '../parts/page.tsx'

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty title="There is no such page">
        <p>The address may be of an older version, or mistyped.</p>
        <div class="row">
          <a class="button quiet" href="/jobs">
            All jobs
          </a>
        </div>
      </Empty>
    </Page>
  )
}
