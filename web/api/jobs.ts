import type {
  CheckView,
  History,
  Job,
  JobEventView,
  JobInput,
  JobListItem,
  LiveChange,
  LogLevel,
  LogLine,
  NotCopied,
  Page,
  PartitionRow,
  PauseRequest,
  PlanView,
  Revision,
  RevisionView,
  StartPreview,
  StartRequest,
  Validation
} from '../../src/api/contract.ts'
import { request } from './request.ts'

const at = (name: string, rest = '') => `/jobs/${encodeURIComponent(name)}${rest}`

/** As many as one answer may have. */
export const MOST_ROWS = 1000

export const listJobs = (query: { cursor?: string; limit?: number } = {}) =>
  request<Page<JobListItem>>('GET', '/jobs', { query: { limit: MOST_ROWS, ...query } })
export const getJob = (name: string) => request<Job>('GET', at(name))
export const putJob = (name: string, body: JobInput, on: { ifRevision?: number; ifNew?: boolean }) =>
  request<Job>('PUT', at(name), { body, ...on })
export const deleteJob = (name: string, ifRevision?: number) =>
  request<undefined>('DELETE', at(name), ifRevision === undefined ? {} : { ifRevision })

export const validateJob = (body: JobInput) => request<Validation>('POST', '/job-validations', { body })
export const previewJob = (body: JobInput, signal?: AbortSignal) =>
  request<PlanView>('POST', '/job-previews', { body, ...(signal && { signal }) })
export const planJob = (name: string) => request<PlanView>('POST', at(name, '/plan'))
export const checkJob = (name: string) => request<CheckView>('POST', at(name, '/check'))
export const getApprovedPlan = (name: string) => request<PlanView>('GET', at(name, '/approved-plan'))

export const submitJob = (name: string) => request<Job>('POST', at(name, '/submit'))
export const previewStart = (name: string, body: StartRequest, signal?: AbortSignal) =>
  request<StartPreview>('POST', at(name, '/start-preview'), { body, ...(signal && { signal }) })
export const startJob = (name: string, body: StartRequest) => request<Job>('POST', at(name, '/start'), { body })
export const pauseJob = (name: string, body: PauseRequest = {}) => request<Job>('POST', at(name, '/pause'), { body })
export const resumeJob = (name: string, body: PauseRequest = {}) => request<Job>('POST', at(name, '/resume'), { body })
export const stopJob = (name: string, now = false) => request<Job>('POST', at(name, '/stop'), { body: { now } })
export const resetPosition = (name: string, body: StartRequest) =>
  request<Job>('POST', at(name, '/reset-position'), { body })
export const retryAuthentication = (name: string) => request<Job>('POST', at(name, '/retry-authentication'))
export const changeLive = (name: string, body: LiveChange) => request<Job>('PATCH', at(name), { body })

export const listRevisions = (name: string) => request<readonly Revision[]>('GET', at(name, '/revisions'))
export const getRevision = (name: string, revision: number, against?: number) =>
  request<RevisionView>('GET', at(name, `/revisions/${String(revision)}`), { query: { against } })
export const getHistory = (name: string, from: number, to: number) =>
  request<History>('GET', at(name, '/history'), { query: { from, to } })
export const listEvents = (name: string, cursor?: string) =>
  request<Page<JobEventView>>('GET', at(name, '/events'), { query: { cursor, limit: 200 } })
export const listLog = (
  name: string,
  query: { search?: string; level?: LogLevel; before?: number; after?: number; limit?: number }
) => request<readonly LogLine[]>('GET', at(name, '/logs'), { query })
export const listNotCopied = (name: string, cursor?: string) =>
  request<Page<NotCopied>>('GET', at(name, '/not-copied'), { query: { cursor, limit: 500 } })

/** All of them, page by page; more than `most` are cut off, and `total` tells. */
export async function listPartitions(name: string, most = 20_000): Promise<Page<PartitionRow>> {
  const items: PartitionRow[] = []
  let cursor: string | undefined
  for (;;) {
    const page: Page<PartitionRow> = await request('GET', at(name, '/partitions'), {
      query: { cursor, limit: MOST_ROWS }
    })
    items.push(...page.items)
    if (page.nextCursor === null || items.length >= most) {
      return { items, total: page.total, nextCursor: page.nextCursor }
    }
    cursor = page.nextCursor
  }
}
