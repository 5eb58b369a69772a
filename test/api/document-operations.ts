import type { Role } from '../../src/api/contract.ts'
import type { AskedApi } from './ask-api.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
}

export interface Operation {
  readonly method: string
  /** With placeholders. */
  readonly path: string
  readonly role: Role | 'nobody'
  readonly parameters: readonly Parameter[]
  readonly hasBody: boolean
  readonly mediaType: string | undefined
  readonly schema: string | undefined
}

/** What the document says that there is. */
export function operationsOf({ api }: AskedApi): Operation[] {
  const { paths } = api.document as {
    paths: Record<
      string,
      Record<
        string,
        {
          'x-role': Role | 'nobody'
          parameters: Parameter[]
          requestBody?: object
          responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>
        }
      >
    >
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [mediaType, content] = Object.entries(operation.responses['200']?.content ?? {})[0] ?? []
      return {
        method: method.toUpperCase(),
        path,
        role: operation['x-role'],
        parameters: operation.parameters,
        hasBody: operation.requestBody !== undefined,
        mediaType,
        schema: content?.schema.$ref?.replace('#/components/schemas/', '')
      }
    })
  )
}

const EXAMPLES: Readonly<Record<string, string>> = {
  job: 'orders-to-dr',
  connection: 'production',
  rule: 'rule-1',
  channel: 'on-call',
  revision: '1'
}

export function examplePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => EXAMPLES[name] ?? 'x')
}
