import * as z from 'zod'
import type { ConfigProblem } from '../contract.ts'
import type { Route } from '../route.ts'
import { wrongRequest } from './api-errors.ts'
import { readBody } from './read-body.ts'
import { kindsOf, readQuery, toKind } from './read-parameters.ts'

export interface CheckedRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** Everything of a request against the schemas of its route, all problems at once. */
export function requestChecker(
  route: Route
): (request: Request, params: Readonly<Record<string, string>>, mostBytes: number) => Promise<CheckedRequest> {
  const pathKinds = kindsOf(route.params)
  const queryKinds = kindsOf(route.query)
  const pathSchema = z.object(route.params)
  const querySchema = z.object(route.query)
  return async (request, params, mostBytes) => {
    const problems: ConfigProblem[] = []
    const path = Object.fromEntries(
      Object.entries(params).map(([name, text]) => [name, toKind(text, pathKinds.get(name) ?? 'text')])
    )
    const checked = {
      params: check(pathSchema, path, '', problems),
      query: check(querySchema, readQuery(new URL(request.url).searchParams, queryKinds), '', problems),
      body: undefined as unknown
    }
    // What is wrong with the address is said before anything is read.
    if (problems.length > 0) throw wrongRequest(problems)
    checked.body = await checkBody(route, request, mostBytes, problems)
    if (problems.length > 0) throw wrongRequest(problems)
    return checked
  }
}

async function checkBody(
  { body, bodyOptional }: Route,
  request: Request,
  mostBytes: number,
  problems: ConfigProblem[]
): Promise<unknown> {
  const given = await readBody(request, mostBytes)
  if (body === undefined) {
    if (given !== undefined) problems.push({ where: '', option: '', message: 'must be empty here' })
    return undefined
  }
  if (given === undefined && bodyOptional !== true) {
    throw wrongRequest([{ where: '', option: '', message: 'is missing' }])
  }
  return check(body, given ?? {}, '/', problems)
}

function check(schema: z.ZodType, value: unknown, root: string, problems: ConfigProblem[]): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    const path = issue.path.map(String)
    problems.push({
      where: root === '' ? path.join('.') : root + path.map(escapePointer).join('/'),
      option: path.join('.'),
      message: sentence(issue.message)
    })
  }
  return undefined
}

/** RFC 6901. */
function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}

function sentence(message: string): string {
  return message.replace(/\.$/, '')
}
