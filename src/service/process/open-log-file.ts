import type { JobConfig } from '../../config/job-config.ts'
import { createLog } from '../../telemetry/log/create-log.ts'
import type { Log, LogLevel } from '../../telemetry/log/log.ts'
import { RotatingFile } from '../../telemetry/log/rotating-file.ts'

/** The file of `log.file`, which a job of the service writes beside the service's own log; undefined = none is asked for. */
export function openLogFile(
  { name, log }: Pick<JobConfig, 'name' | 'log'>,
  level: LogLevel,
  onTrouble: (message: string) => void
): Log | undefined {
  if (log.file === undefined) return undefined
  const { file: path, maxSizeBytes, maxFiles, format } = log
  const file = new RotatingFile({
    path,
    maxSizeBytes,
    maxFiles,
    onTrouble: ({ message }) => onTrouble(`The log file is in trouble: ${message}`)
  })
  return createLog({
    level,
    write: (line) => void file.write(line),
    style: format === 'json' ? 'json' : 'file',
    color: false,
    attributes: { job: name }
  })
}
