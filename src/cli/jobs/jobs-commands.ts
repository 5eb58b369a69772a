import { setTimeout as pause } from 'node:timers/promises'
import { parse } from 'yaml'
import type { Job, JobListItem, Page, PartitionRow, StartPreview, StartRequest } from '../../api/contract.ts'
import { plural } from '../../model/format-quantities.ts'
import { hasEnded } from '../../model/job-state.ts'
import { escapeControls } from '../../telemetry/log/escape-controls.ts'
import { type CommandContext, hasColor } from '../command-context.ts'
import { EXIT } from '../exit-code.ts'
import { abortOnSignal } from '../stop-signals.ts'
import { writeDocument } from '../write-document.ts'
import { findService } from './find-service.ts'
import type { JobsFlags } from './jobs-flags.ts'
import { readNamedFile } from './read-named-file.ts'
import { reasonLines, renderJob, renderJobList } from './render-jobs.ts'
import { jobsUsage } from './service-errors.ts'
import type { ServiceClient } from './service-client.ts'
import { startRequest } from './start-request.ts'

export { showLogs } from './show-logs.ts'

type Words = readonly string[]
type JobsCommand = (words: Words, flags: JobsFlags, context: CommandContext) => Promise<number>

const PAGE = 1000
const SHOWN_PARTITIONS = 20

export const listJobs: JobsCommand = async (_, flags, context) => {
  const client = findService(flags, context)
  const query = {
    ...(flags.state !== undefined && { states: flags.state.join(',').toUpperCase() }),
    ...(flags.search !== undefined && { search: flags.search })
  }
  const jobs = await allOf<JobListItem>(client, '/jobs', query)
  show(jobs, flags, context, (color) => (jobs.length === 0 ? ['There is no such job.'] : renderJobList(jobs, color)))
  return EXIT.done
}

export const getJob: JobsCommand = async ([name], flags, context) => {
  const { value: job } = await findService(flags, context).ask<Job>('GET', pathOf(name))
  if (flags.config === true) context.stdout.write(job.config.endsWith('\n') ? job.config : `${job.config}\n`)
  else show(job, flags, context, (color) => [...renderJobList([job], color), '', job.config.trimEnd()])
  return EXIT.done
}

/** Reads what is there first, so that a change that somebody else makes meanwhile is not overwritten. */
export const applyJob: JobsCommand = async (_, flags, context) => {
  const file = flags.file ?? ''
  const config = readNamedFile(file, context.cwd)
  const name = nameIn(config, file)
  const client = findService(flags, context)
  const before = await client.find<Job>(pathOf(name))
  const condition = before?.etag === undefined ? { 'If-None-Match': '*' } : { 'If-Match': before.etag }
  const body = { config, ...(flags.note !== undefined && { note: flags.note }) }
  const { value: job } = await client.ask<Job>('PUT', pathOf(name), { body, headers: condition })
  const how =
    before === undefined
      ? 'made'
      : before.value.revision === job.revision
        ? 'as it was'
        : `changed, revision ${job.revision}`
  const restart =
    job.restartNeeded.length === 0 ? [] : [`Takes effect when it is started again: ${job.restartNeeded.join(', ')}.`]
  show(job, flags, context, () => [`Job ${name}: ${how}.`, ...restart])
  return EXIT.done
}

export const submitJob: JobsCommand = async ([name], flags, context) =>
  await verb(name, 'submit', undefined, flags, context)

export const startJob: JobsCommand = async ([name], flags, context) => {
  const body: StartRequest = { ...startRequest(flags), ...(flags.confirm !== undefined && { confirm: flags.confirm }) }
  if (flags.dryRun !== true) return await verb(name, 'start', body, flags, context)
  const client = findService(flags, context)
  const { value: preview } = await client.ask<StartPreview>('POST', `${pathOf(name)}/start-preview`, { body })
  show(preview, flags, context, () => [
    escapeControls(preview.sentence),
    ...[...preview.refusals, ...preview.warnings].flatMap(reasonLines)
  ])
  return preview.refusals.length > 0 ? EXIT.refused : EXIT.done
}

export const pauseJob: JobsCommand = async ([name, what], flags, context) =>
  await verb(name, 'pause', partOf(what), flags, context)

export const resumeJob: JobsCommand = async ([name, what], flags, context) =>
  await verb(name, 'resume', partOf(what), flags, context)

export const stopJob: JobsCommand = async ([name], flags, context) => {
  const { wait } = flags
  const body = flags.now === true ? { now: true } : {}
  if (wait === undefined) return await verb(name, 'stop', body, flags, context)
  const client = findService(flags, context)
  return await abortOnSignal(context, async (signal) => {
    let { value: job } = await client.ask<Job>('POST', `${pathOf(name)}/stop`, { body })
    const deadline = Date.now() + wait * 1000
    while (!hasEnded(job.state) && Date.now() < deadline && !signal.aborted) {
      await pause(500)
      job = (await client.ask<Job>('GET', pathOf(name))).value
    }
    show(job, flags, context, () => [stateOf(job)])
    return hasEnded(job.state) ? EXIT.done : EXIT.failed
  })
}

export const deleteJob: JobsCommand = async ([name], flags, context) => {
  await findService(flags, context).ask('DELETE', pathOf(name))
  show({ name, deleted: true }, flags, context, () => [`Job ${name} is deleted.`])
  return EXIT.done
}

export const showStatus: JobsCommand = async ([name], flags, context) => {
  const client = findService(flags, context)
  const { value: job } = await client.ask<Job>('GET', pathOf(name))
  const path = `${pathOf(name)}/partitions`
  if (flags.output !== 'table') {
    show({ ...job, partitionRows: await allOf<PartitionRow>(client, path, {}) }, flags, context, () => [])
    return EXIT.done
  }
  const query = new URLSearchParams({ sort: '-lag', limit: String(SHOWN_PARTITIONS) })
  const { value } = await client.ask<Page<PartitionRow>>('GET', `${path}?${query.toString()}`)
  show(job, flags, context, (color) => renderJob(job, value.items, value.total ?? value.items.length, color))
  return EXIT.done
}

async function verb(
  name: string | undefined,
  operation: string,
  body: unknown,
  flags: JobsFlags,
  context: CommandContext
): Promise<number> {
  const client = findService(flags, context)
  const { value: job } = await client.ask<Job>(
    'POST',
    `${pathOf(name)}/${operation}`,
    body === undefined ? {} : { body }
  )
  show(job, flags, context, () => [stateOf(job)])
  return EXIT.done
}

async function allOf<T>(
  client: ServiceClient,
  path: string,
  query: Readonly<Record<string, string>>
): Promise<readonly T[]> {
  const items: T[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const search = new URLSearchParams({ ...query, limit: String(PAGE), ...(cursor !== undefined && { cursor }) })
    const { value } = await client.ask<Page<T>>('GET', `${path}?${search.toString()}`)
    items.push(...value.items)
    cursor = value.nextCursor
  }
  return items
}

function show(
  value: unknown,
  flags: JobsFlags,
  { stdout, env }: CommandContext,
  render: (color: boolean) => readonly string[]
): void {
  if (flags.output === 'table') stdout.write(`${render(hasColor(stdout, flags, env)).join('\n')}\n`)
  else writeDocument(stdout, value, flags.output)
}

function stateOf({ name, state, sentence, paused }: Job): string {
  const parts = paused.topics.length + paused.partitions.length
  const also = parts === 0 ? '' : ` Paused: ${plural(parts, 'topic or partition', 'topics and partitions')}.`
  return `Job ${name} is ${state}. ${escapeControls(sentence)}${also}`
}

function pathOf(name: string | undefined): string {
  return `/jobs/${encodeURIComponent(name ?? '')}`
}

function nameIn(config: string, file: string): string {
  let given: unknown
  try {
    given = parse(config)
  } catch (error) {
    throw jobsUsage(`${file} can't be read as YAML: ${(error as Error).message}`)
  }
  const name = typeof given === 'object' && given !== null && 'name' in given ? given.name : undefined
  if (typeof name !== 'string') throw jobsUsage(`${file} has no name: the job is called after it.`)
  return name
}

/** `orders`, or `orders/3`: no topic has a slash in its name. */
function partOf(what: string | undefined): { readonly topic?: string; readonly partition?: number } {
  if (what === undefined) return {}
  const [, topic, partition] = /^([A-Za-z0-9._-]{1,249})(?:\/(\d{1,9}))?$/.exec(what) ?? []
  if (topic === undefined) {
    throw jobsUsage(`${JSON.stringify(what)} is neither a topic (orders) nor a partition of one (orders/3).`)
  }
  return { topic, ...(partition !== undefined && { partition: Number(partition) }) }
}
