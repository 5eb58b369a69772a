import * as z from 'zod'
import type { Fields, Route } from '../route.ts'
import { problem } from '../schemas/common.ts'
import { named } from '../schemas/typed.ts'

type Json = Record<string, unknown>

/** OpenAPI 3.1 of the routes, made of the schemas that check their requests. */
export function makeDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route)
  return {
    openapi: '3.1.0',
    info: {
      title: 'millrace',
      version,
      description:
        'The job service of millrace. Times are milliseconds since 1970, sizes bytes, rates per second; null = not ' +
        'known, or none. Errors are application/problem+json with a code that docs/errors.md explains.'
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { cookie: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `millrace serve` or `millrace tokens add`.'
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'millrace',
          description: 'The session of a browser (`__Host-millrace` over TLS); changes need X-CSRF-Token, too.'
        }
      }
    }
  }
}

function operation(route: Route): Json {
  const { method, path, role, tag, summary, description, edit } = route
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    description: [description, role === 'nobody' ? 'No token is needed.' : `Role: ${role}.`].filter(Boolean).join(' '),
    'x-role': role,
    ...(role === 'nobody' && { security: [] }),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...(edit === undefined ? [] : conditionHeaders(edit)),
      ...(route.mediaType === 'text/event-stream'
        ? [headerParameter('Last-Event-ID', 'The id of the last event seen.')]
        : [])
    ],
    ...(route.body !== undefined && {
      requestBody: {
        required: route.bodyOptional !== true,
        content: { 'application/json': { schema: schemaOf(route.body) } }
      }
    }),
    responses: responsesOf(route)
  }
}

function responsesOf({ answer, mediaType, event, edit, role, params, query, body }: Route): Json {
  const tagged = edit === 'replace' ? { headers: { ETag: { schema: { type: 'string' } } } } : {}
  const ok =
    answer === undefined && mediaType === undefined
      ? { 204: { description: 'Done.' } }
      : {
          200: {
            description: 'Done.',
            ...tagged,
            content:
              mediaType === undefined
                ? { 'application/json': { schema: schemaOf(answer ?? z.unknown()) } }
                : {
                    [mediaType]: {
                      // YAML is read before it is looked at; what events are is said beside.
                      schema: event === undefined ? {} : { type: 'string' },
                      ...(event !== undefined && { 'x-event': schemaOf(event) })
                    }
                  }
          },
          ...(edit === 'replace' && {
            201: {
              description: 'Made.',
              ...tagged,
              content: { 'application/json': { schema: schemaOf(answer ?? z.unknown()) } }
            }
          })
        }
  const takes = Object.keys(params).length + Object.keys(query).length > 0 || body !== undefined
  const codes = [
    ...(takes || body === undefined ? [400] : []),
    401,
    ...(role === 'nobody' ? [] : [403]),
    ...(Object.keys(params).length > 0 || 'job' in query ? [404] : []),
    409,
    ...(edit === undefined ? [] : [412]),
    413,
    415,
    421,
    422,
    ...(edit === 'replace' ? [428] : []),
    429,
    500,
    502,
    507
  ]
  const refused = { description: 'Refused or failed; `code` says why.', content: problemContent() }
  return { ...ok, ...Object.fromEntries(codes.map((code) => [code, refused])) }
}

function problemContent(): Json {
  return { 'application/problem+json': { schema: schemaOf(problem) } }
}

function parametersOf(fields: Fields, where: 'path' | 'query'): Json[] {
  return Object.entries(fields).map(([name, schema]) => {
    const { description, ...rest } = schemaOf(schema)
    return {
      name,
      in: where,
      required: where === 'path',
      ...(typeof description === 'string' && { description }),
      ...(rest['type'] === 'array' && { style: 'form', explode: false }),
      schema: rest
    }
  })
}

function conditionHeaders(edit: 'replace' | 'remove'): Json[] {
  const match = headerParameter('If-Match', 'The ETag of what is to be changed, or * for whatever is there.')
  return edit === 'remove' ? [match] : [match, headerParameter('If-None-Match', '* = only if it is not there.')]
}

function headerParameter(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: { type: 'string', maxLength: 200 } }
}

/** `getJobsPartitions`, of `get /jobs/{job}/partitions`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[/{}.-]+/).filter((word) => word !== '')
  return method + words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('')
}

const REFERENCES = { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' } as const
const uri = (id: string): string => `#/components/schemas/${id}`

/** Of a named schema a reference. */
function schemaOf(schema: z.ZodType): Json {
  const id = named.get(schema)?.id
  if (id !== undefined) return { $ref: uri(id) }
  return bare(z.toJSONSchema(schema, REFERENCES))
}

function components(): Record<string, Json> {
  const { schemas } = z.toJSONSchema(named, { ...REFERENCES, uri })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]))
}

function bare(schema: object): Json {
  const { $schema: _dialect, $id: _id, id: _name, ...rest } = schema as Json
  return rest
}
