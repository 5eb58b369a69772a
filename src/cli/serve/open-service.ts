import { createService } from '../../service/create-service.ts'
import { openRecords } from '../../service/record/open-records.ts'
import type { ServicePort } from '../../service/service-port.ts'

export interface OpenedService extends ServicePort {
  readonly dataDirectory: string
  /** Drains all jobs and ends. */
  close(): Promise<void>
}

export type OpenService = (options: { readonly dataDirectory: string; readonly cwd: string }) => Promise<OpenedService>

/** The real one; tests give another. */
export const openService: OpenService = async ({ dataDirectory, cwd }) =>
  await createService({ dataDirectory, cwd, openRecords })
