import type { ClusterConfig, JobConfig } from '../../config/job-config.ts'
import type { ErrorReport } from '../../job/worker/worker-messages.ts'
import { anything, flag, having, list, nullable, number, record, text, whole, word } from '../shape.ts'
import type { LiteralSecrets } from './cluster-questions.ts'
import { errorReportShape } from './job-messages.ts'

/*
 * What the service asks the cluster process, and what that answers, over the child's IPC channel; plain JSON, read
 * strictly. A secret goes this way only when it is in no file yet.
 */

export type ClusterAsk =
  | { readonly ask: 'test'; readonly cluster: ClusterConfig; readonly literal: LiteralSecrets }
  | { readonly ask: 'topics'; readonly cluster: ClusterConfig }
  | { readonly ask: 'check'; readonly config: JobConfig }
  | { readonly ask: 'plan'; readonly config: JobConfig; readonly reset: boolean }

export type ClusterRequest = { readonly id: number } & ClusterAsk

export type ClusterReply =
  | { readonly id: number; readonly ask: ClusterAsk['ask']; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorReport }

const cluster = having({ bootstrapServers: text, security: having({}), properties: having({}) })
const config = having({ name: text, source: cluster, target: cluster, topics: having({}), stateDir: text })

const REQUESTS: Readonly<Record<ClusterAsk['ask'], (message: unknown) => boolean>> = {
  test: record({ id: whole, ask: anything, cluster, literal: record({}, { password: text, keyPassword: text }) }),
  topics: record({ id: whole, ask: anything, cluster }),
  check: record({ id: whole, ask: anything, config }),
  plan: record({ id: whole, ask: anything, config, reset: flag })
}

const stages = list(having({ cluster: text, stage: text, ok: flag, detail: text, milliseconds: number }))
const finding = having({ code: text, message: text, next: text })

const RESULTS: Readonly<Record<ClusterAsk['ask'], (result: unknown) => boolean>> = {
  test: stages,
  check: stages,
  topics: list(
    having({
      name: text,
      partitions: whole,
      replicationFactor: whole,
      records: nullable(number),
      internal: flag
    })
  ),
  plan: having({
    job: text,
    progress: word('fresh', 'resume', 'reset'),
    source: having({ clusterId: text, brokers: whole }),
    target: having({ clusterId: text, brokers: whole }),
    topics: list(having({ source: text, target: text, partitions: list(having({ start: number, records: number })) })),
    refusals: list(finding),
    warnings: list(finding)
  })
}

/** Undefined = nothing that the service asks. */
export function readClusterRequest(message: unknown): ClusterRequest | undefined {
  if (!having({ ask: text })(message) || !Object.hasOwn(REQUESTS, message.ask)) return undefined
  return REQUESTS[message.ask as ClusterAsk['ask']](message) ? (message as unknown as ClusterRequest) : undefined
}

/** Undefined = nothing that the cluster process answers. */
export function readClusterReply(message: unknown): ClusterReply | undefined {
  if (record({ id: whole, error: errorReportShape })(message)) return message
  if (!record({ id: whole, ask: text, result: anything })(message) || !Object.hasOwn(RESULTS, message.ask))
    return undefined
  return RESULTS[message.ask as ClusterAsk['ask']](message.result) ? (message as unknown as ClusterReply) : undefined
}
