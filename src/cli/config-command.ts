import { jsonSchema } from '../config/json-schema.ts'
import { showConfig } from '../config/show-config.ts'
import type { CommandContext } from './command-context.ts'
import { EXIT } from './exit-code.ts'
import { loadJob } from './load-job.ts'
import { type DocumentFormat, writeDocument } from './write-document.ts'

export interface ShowFlags {
  readonly set: readonly string[]
  readonly output: DocumentFormat
}

export function showCommand(file: string, flags: ShowFlags, context: CommandContext): number {
  const { config } = loadJob(file, flags.set, context)
  writeDocument(context.stdout, showConfig(config), flags.output)
  return EXIT.done
}

export function schemaCommand({ output }: { readonly output: DocumentFormat }, { stdout }: CommandContext): number {
  writeDocument(stdout, jsonSchema(), output)
  return EXIT.done
}
