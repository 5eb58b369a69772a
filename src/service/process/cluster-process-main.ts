import { resolveHeaders, resolveSecrets } from '../../config/resolve-secrets.ts'
import { errorReport } from '../../job/error-report.ts'
import { askCluster, listClusterTopics } from '../../job/ask-cluster.ts'
import { checkJob, planJob } from '../../job/plan-and-check.ts'
import type { SecretResolver } from '../../job/connect-clusters.ts'
import { exportSettings } from '../../telemetry/export-settings.ts'
import { type ClusterRequest, type ClusterReply, readClusterRequest } from './cluster-messages.ts'

/*
 * What the cluster process runs: it asks clusters what the service wants to know, so that a crash in native code is this
 * process's alone. It ends when the service's channel closes; nothing that it does needs to be finished.
 */

/** Of a message that can't be understood. */
const SHOWN_CHARACTERS = 200

if (process.send === undefined) {
  process.stderr.write('millrace: this process answers questions of `millrace serve`; start that instead\n')
  process.exit(2)
}

const sources = { env: process.env, cwd: process.cwd() }
const resolveOf: SecretResolver = (side, cluster) => resolveSecrets(side, cluster, sources)

process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(0))
process.on('message', (raw) => {
  const request = readClusterRequest(raw)
  if (request === undefined) {
    // It may have a secret in it: only its type is shown.
    process.stderr.write(`the service asked what can't be understood: ${String(raw).slice(0, SHOWN_CHARACTERS)}\n`)
    process.exit(1)
  }
  const { id, ask } = request
  answer(request).then(
    (result) => reply({ id, ask, result }),
    (error: unknown) => reply({ id, error: errorReport(error) })
  )
})

async function answer(request: ClusterRequest): Promise<unknown> {
  switch (request.ask) {
    case 'test': {
      const { cluster, literal } = request
      const resolve: SecretResolver = (side, given) => {
        const resolved = resolveOf(side, given)
        return { ...resolved, security: { ...resolved.security, ...literal } }
      }
      return await askCluster(cluster, resolve)
    }
    case 'topics':
      return await listClusterTopics(request.cluster, resolveOf)
    case 'check':
      return await checkJob(request.config, { resolveSecrets: resolveOf })
    case 'plan': {
      const { config, reset } = request
      const headers = resolveHeaders(config.otlp.headers, sources)
      const exports = exportSettings({ ...config, otlp: { ...config.otlp, headers } }, sources.env)
      return await planJob(config, { reset, retryAuthentication: false, resolveSecrets: resolveOf, exports })
    }
  }
}

function reply(message: ClusterReply): void {
  if (process.connected) process.send?.(message)
}
