import { stringify } from 'yaml'
import type { OutputStream } from './command-context.ts'

export type DocumentFormat = 'json' | 'yaml'
export type OutputFormat = 'table' | DocumentFormat

/** Writes one document for programs. */
export function writeDocument(stream: OutputStream, document: unknown, format: DocumentFormat): void {
  stream.write(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document, { lineWidth: 0 }))
}
