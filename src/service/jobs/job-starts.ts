import type { StartPreview, StartRequest } from '../../api/contract.ts'
import type { StageResult } from '../../control/check-connection.ts'
import type { Plan } from '../../control/plan-types.ts'
import { controlPath } from '../../job/control/control-path.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { ClusterQuestions } from '../process/cluster-questions.ts'
import { badRequest, conflict } from '../service-errors.ts'
import { chooseStart, type StartChoice } from './job-config.ts'
import { planView, refuseBad, refuseOtherMapping, startPreview } from './plan-view.ts'
import type { ServiceJob } from './service-job.ts'

/** How a job comes to run: what is checked and planned before its process is started. Holds nothing of its own. */
export class JobStarts {
  readonly #clusters: ClusterQuestions
  readonly #now: () => number

  constructor(clusters: ClusterQuestions, now: () => number) {
    this.#clusters = clusters
    this.#now = now
  }

  /** Configuration, connections, plan: in that order, so that what is told is what is wrong. */
  async submit(job: ServiceJob): Promise<void> {
    job.record.check('submit', 'submitted')
    const config = job.record.readConfig()
    controlPath(config.stateDir)
    refuseFailure(await this.#clusters.check(config))
    const choice = chooseStart(config, {}, job.record.stored.pendingReset)
    const plan = await this.#clusters.plan(choice.config, { reset: choice.reset })
    refuseBad(plan)
    await job.record.approve(planView(plan, config, this.#now()))
  }

  async preview(job: ServiceJob, request: StartRequest): Promise<StartPreview> {
    const { choice, plan } = await this.#plan(job, request)
    const preview = startPreview(plan, choice.reset)
    const changed = changedMapping(job, plan)
    if (changed === undefined) return preview
    const { code, message, next = '' } = changed
    return { ...preview, refusals: [...preview.refusals, { code, message, next }] }
  }

  async start(job: ServiceJob, request: StartRequest): Promise<void> {
    job.record.check('start', 'started')
    const { choice, plan } = await this.#plan(job, request)
    refuseBad(plan)
    const changed = changedMapping(job, plan)
    if (changed !== undefined) throw changed
    if (plan.progress === 'reset') needConfirm(job, request, plan)
    await job.start(choice)
  }

  /** With what the job would start anyway; no cluster is asked before, because that would be an attempt, too. */
  async retryAuthentication(job: ServiceJob): Promise<void> {
    job.record.check('retry-authentication', 'tried again')
    await job.start(chooseStart(job.record.readConfig(), {}, job.record.stored.pendingReset), true)
  }

  async resetPosition(job: ServiceJob, request: StartRequest): Promise<void> {
    const { name, state } = job.record.stored
    if (!job.view.actions.includes('reset-position')) {
      throw conflict(`Job ${name} is ${state}: its position can't be reset now.`, 'Stop it first.')
    }
    const { choice, plan } = await this.#plan(job, request)
    if (choice.pending === null || request.from === undefined || request.from === 'configured') {
      throw badRequest('Where to is not said.', 'Send from: earliest, latest, timestamp or offsets.')
    }
    refuseBad(plan)
    needConfirm(job, request, plan)
    await job.resetPosition(choice.pending)
  }

  async #plan(job: ServiceJob, request: StartRequest): Promise<{ readonly choice: StartChoice; readonly plan: Plan }> {
    const choice = chooseStart(job.record.readConfig(), request, job.record.stored.pendingReset)
    return { choice, plan: await this.#clusters.plan(choice.config, { reset: choice.reset }) }
  }
}

function changedMapping({ record: { approved } }: ServiceJob, plan: Plan): MillraceError | undefined {
  if (approved === null) return undefined
  try {
    refuseOtherMapping(approved, plan)
    return undefined
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
}

function needConfirm({ record: { stored } }: ServiceJob, { confirm }: StartRequest, plan: Plan): void {
  if (confirm === stored.name) return
  throw new MillraceError({
    code: 'MR_SERVICE_CONFIRM',
    kind: 'refused',
    message: `The commits of group ${plan.source.groupId} would be replaced. ${startPreview(plan, true).sentence}`,
    next: `Send confirm: ${stored.name} if that is what you want; from: committed goes on where the group is.`
  })
}

/** The first stage that failed; nothing behind it was tried. */
function refuseFailure(results: readonly StageResult[]): void {
  const failed = results.find(({ ok }) => !ok)
  if (failed === undefined) return
  const { cluster, stage, detail, next, code, kind } = failed
  throw new MillraceError({
    code: code ?? 'MR_SERVICE_CHECK',
    kind: kind ?? 'retry',
    message: `The ${cluster} cluster can't be used (${stage}): ${detail}`,
    next: next ?? 'Test the connection; it says which stage fails.',
    place: { cluster }
  })
}
