import { may } from '../api/session.ts'
import { Empty } from '../parts/view-states.tsx'

/** The first thing that a new user sees: the ways to begin. */
export function JobsEmpty() {
  return (
    <Empty title="No jobs yet">
      <p>A job copies topics from one cluster to another, byte for byte, and says what it did.</p>
      {may('admin') ? (
        <div class="row">
          <a class="button primary" href="/new-job">
            Create a job
          </a>
          <a class="button quiet" href="/new-job?import=1">
            Import YAML
          </a>
        </div>
      ) : (
        <p>Your token may look, but not create jobs: that needs the role admin.</p>
      )}
      <p class="begin-demo">
        To try it without a cluster, start <code>millrace serve --demo</code>: two clusters inside the process and a job
        that is ready to click.
      </p>
    </Empty>
  )
}
