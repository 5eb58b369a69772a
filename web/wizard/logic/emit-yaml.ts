import type { JsonMap, JsonValue } from '../../../src/api/contract.ts'
import { isJsonMap } from './json-path.ts'

/** A configuration as YAML 1.2 that reads like one written by hand: lists of names on one line, quotes where needed. */
export function emitYaml(config: JsonMap): string {
  const lines = mapLines(config)
  return lines.length === 0 ? '{}\n' : `${lines.join('\n')}\n`
}

function mapLines(map: JsonMap): string[] {
  return Object.entries(map).flatMap(([key, value]) => entryLines(`${scalar(key)}:`, value))
}

/** What follows a head, `key:` or `-`. */
function entryLines(head: string, value: JsonValue): string[] {
  if (isList(value)) return listLines(head, value)
  if (!isJsonMap(value)) return [`${head} ${scalar(value)}`]
  const lines = mapLines(value)
  return lines.length === 0 ? [`${head} {}`] : [head, ...lines.map(indented)]
}

const WIDTH = 100

function listLines(head: string, items: readonly JsonValue[]): string[] {
  if (items.every((item) => !isList(item) && !isJsonMap(item))) {
    const line = `${head} [${items.map((item) => scalar(item as Scalar)).join(', ')}]`
    if (line.length <= WIDTH) return [line]
  }
  return [head, ...items.flatMap((item) => entryLines('-', item)).map(indented)]
}

type Scalar = string | number | boolean | null

function scalar(value: Scalar): string {
  if (typeof value === 'number' && Object.is(value, -0)) return '0'
  return typeof value === 'string' ? textScalar(value) : String(value)
}

/** Words that YAML, or an older YAML, takes for something else than a text. */
const SPECIAL = /^(?:~|null|true|false|yes|no|on|off|y|n|\.inf|\.nan|[-+]?\.?\d.*|[-+]\.?inf)$/i

function textScalar(text: string): string {
  const isPlain = /^[A-Za-z_/][\w./@+-]*(?: [\w./@+-]+)*$/.test(text) && !SPECIAL.test(text)
  if (isPlain) return text
  // Single quotes know no escapes; line breaks and what can't be seen need double ones, which are JSON's.
  return /^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe]*$/.test(text) && !/[\u2028\u2029]/.test(text)
    ? `'${text.replaceAll("'", "''")}'`
    : escaped(text)
}

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u00a0\u2028\u2029\ufeff-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function indented(line: string): string {
  return `  ${line}`
}
