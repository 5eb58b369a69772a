import type { JobConfig } from '../config/job-config.ts'
import type { ExportSettings } from '../telemetry/export-settings.ts'
import { packageVersion } from '../telemetry/package-version.ts'
import type { TraceSettings } from './worker/worker-messages.ts'

/** What a worker needs to trace; undefined when traces go nowhere, or no batch can ever be chosen. */
export function traceSettings(
  { name, traces }: Pick<JobConfig, 'name' | 'traces'>,
  exports: ExportSettings | undefined,
  worker: { readonly instance: string; readonly index: number }
): TraceSettings | undefined {
  const target = exports?.traces
  const { ratio, always, slowerThanMs, failed, maxLinks } = traces
  if (target === undefined || (ratio === 0 && always.length === 0 && slowerThanMs === undefined && !failed)) {
    return undefined
  }
  return {
    target,
    sampling: { ratio, always, failed, ...(slowerThanMs !== undefined && { slowerThanMs }) },
    maxLinks,
    service: {
      name: 'millrace',
      version: packageVersion(),
      instanceId: `${name}-${worker.instance}-${worker.index}`
    }
  }
}
