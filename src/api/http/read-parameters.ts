import * as z from 'zod'
import { didYouMean } from '../../model/did-you-mean.ts'
import type { ConfigProblem } from '../contract.ts'
import type { Fields } from '../route.ts'
import { wrongRequest } from './api-errors.ts'

type Kind = 'text' | 'integer' | 'boolean' | 'list'

/** Of which kind each parameter is, by the same JSON Schema that the document shows. */
export function kindsOf(fields: Fields): ReadonlyMap<string, Kind> {
  return new Map(Object.entries(fields).map(([name, schema]) => [name, kindOf(schema)]))
}

function kindOf(schema: z.ZodType): Kind {
  const { type } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' })
  if (type === 'integer' || type === 'number') return 'integer'
  if (type === 'boolean') return 'boolean'
  return type === 'array' ? 'list' : 'text'
}

/** The parameters of a path or query, as their schemas want them. An unknown or repeated one is refused. */
export function readQuery(query: URLSearchParams, kinds: ReadonlyMap<string, Kind>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const problems: ConfigProblem[] = []
  for (const name of new Set(query.keys())) {
    const kind = kinds.get(name)
    const given = query.getAll(name)
    if (kind === undefined) problems.push(unknownParameter(name, kinds))
    else if (kind === 'list') values[name] = given.flatMap((text) => text.split(','))
    else if (given.length > 1) problems.push({ where: name, option: name, message: 'is given more than once' })
    else values[name] = toKind(given[0] ?? '', kind)
  }
  if (problems.length > 0) throw wrongRequest(problems)
  return values
}

/** What can't be one is left as it is: the schema says what is wrong with it. */
export function toKind(text: string, kind: Kind): unknown {
  if (kind === 'integer' && /^-?\d{1,16}$/.test(text)) return Number(text)
  if (kind === 'boolean')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  return text
}

function unknownParameter(name: string, kinds: ReadonlyMap<string, Kind>): ConfigProblem {
  const near = didYouMean(name, kinds.keys())
  return {
    where: name.slice(0, 100),
    option: '',
    message: 'is no parameter here',
    ...(near !== undefined && { next: `Did you mean ${near}?` })
  }
}
