import type { LogLevel } from '../../api/contract.ts'
import type { CommonFlags } from '../command-context.ts'
import type { OutputFormat } from '../write-document.ts'
import type { ServiceFlags } from './find-service.ts'

/** Of all of `millrace jobs`; each command has some of them. */
export interface JobsFlags extends CommonFlags, ServiceFlags {
  readonly output: OutputFormat
  readonly state?: readonly string[]
  readonly search?: string
  readonly config?: boolean
  readonly file?: string
  readonly note?: string
  readonly from?: 'configured' | 'committed' | 'earliest' | 'latest' | 'time' | 'offsets'
  readonly time?: string
  readonly offset?: readonly string[]
  readonly confirm?: string
  readonly dryRun?: boolean
  readonly now?: boolean
  readonly wait?: number
  readonly follow?: boolean
  readonly tail?: number
  readonly level?: LogLevel
}
