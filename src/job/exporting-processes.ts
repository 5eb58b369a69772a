import type { JobConfig } from '../config/job-config.ts'
import type { MemoryQuestion } from '../control/divide-memory.ts'
import type { ExportSettings } from '../telemetry/export-settings.ts'

/** Which processes of a job load the OpenTelemetry SDK: metrics go out from the supervisor, traces from the workers. */
export function exportingProcesses(
  { http }: Pick<JobConfig, 'http'>,
  exports: ExportSettings | undefined
): NonNullable<MemoryQuestion['exporting']> {
  const listens = http.listen !== undefined && exports?.disabled !== true
  return { supervisor: listens || exports?.metrics !== undefined, workers: exports?.traces !== undefined }
}
