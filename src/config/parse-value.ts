import { didYouMean } from '../model/did-you-mean.ts'
import type { Given, GivenScalar } from './given.ts'
import { type Option, type Refusal, type ScalarValue, isOption } from './option.ts'
import { parseDuration, parseSize, parseTime } from './parse-quantities.ts'

export type ParsedValue = ScalarValue | readonly ScalarValue[]

type Report = (at: string, refusal: Refusal) => void

/** The value of an option that isn't a map, in its final unit; undefined when it was refused, which `report` is told. */
export function parseValue(given: Given, option: Option, report: Report): ParsedValue | undefined {
  if (option.format === 'list') return parseList(given, option, report)
  if (given.kind !== 'scalar') {
    report(given.at, { problem: `must be ${describeFormat(option)}, not a ${given.kind}` })
    return undefined
  }
  const outcome = parseScalar(given, option)
  if (typeof outcome !== 'object') return outcome
  report(given.at, outcome)
  return undefined
}

function parseList(given: Given, option: Option, report: Report): ScalarValue[] | undefined {
  if (given.kind === 'map') {
    report(given.at, { problem: 'must be a list, not a map', next: listHint(option) })
    return undefined
  }
  const of = option.of
  if (of === undefined || !isOption(of)) throw new Error('a list option says what it is a list of')
  const items = given.kind === 'list' ? given.items : [given]
  const parsed = items.map((item) => parseValue(item, of, report))
  const values = parsed.filter((value): value is ScalarValue => value !== undefined && typeof value !== 'object')
  return values.length === items.length ? values : undefined
}

function listHint(option: Option): string {
  return option.example === undefined ? 'Write [a, b].' : `Write ${option.example}.`
}

function parseScalar(given: GivenScalar, option: Option): ScalarValue | Refusal {
  const value = readScalar(given, option)
  if (value === undefined) return wrongFormat(given, option)
  return checkValue(value, option) ?? value
}

function readScalar({ value, text }: GivenScalar, option: Option): ScalarValue | undefined {
  const { format, words } = option
  if (words?.includes(text) === true) return text
  if (typeof format !== 'string') return text
  switch (format) {
    case 'text':
      return text === '' ? undefined : text
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'count':
      return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
    case 'ratio':
      return /^\d*\.?\d+(?:e-\d+)?$/i.test(text) ? Number(text) : undefined
    case 'size':
      return parseSize(text)
    case 'duration':
      return parseDuration(text)
    case 'time':
      return parseTime(text)
    case 'property':
      return value
    case 'list':
    case 'map':
      return undefined
  }
}

/** What is wrong with a value that has the type its option asks for. */
export function checkValue(value: ScalarValue, option: Option): Refusal | undefined {
  const { format, words, min = -Infinity, max = Infinity } = option
  if (typeof format !== 'string') return format.includes(String(value)) ? undefined : wrongWord(String(value), option)
  if (words?.includes(String(value)) === true) return undefined
  if (typeof value === 'number' && (value < min || value > max)) {
    return { problem: `must be ${rangeOf(option)}, not ${value}` }
  }
  return typeof value === 'string' ? option.check?.(value) : undefined
}

function wrongFormat({ text }: GivenScalar, option: Option): Refusal {
  if (option.words !== undefined && /^[a-z]+$/i.test(text)) return wrongWord(text, option)
  const not = option.sensitive === true ? '' : `, not ${JSON.stringify(text)}`
  return { problem: `must be ${describeFormat(option)}${text === '' ? ', not empty' : not}` }
}

function wrongWord(word: string, option: Option): Refusal {
  const allowed = typeof option.format === 'string' ? (option.words ?? []) : option.format
  const hint = option.hints !== undefined && Object.hasOwn(option.hints, word) ? option.hints[word] : undefined
  const near = didYouMean(word, allowed)
  const next = hint ?? (near === undefined ? undefined : `Did you mean ${near}?`)
  return {
    problem: `must be ${describeFormat(option)}, not ${JSON.stringify(word)}`,
    ...(next === undefined ? {} : { next })
  }
}

function rangeOf({ format, min, max }: Option): string {
  const unit = format === 'size' ? ' bytes' : format === 'duration' ? ' ms' : ''
  if (min === undefined) return `at most ${max}${unit}`
  return max === undefined ? `at least ${min}${unit}` : `between ${min} and ${max}${unit}`
}

const FORMAT_TEXT: Readonly<Record<string, string>> = {
  text: 'a text',
  flag: 'true or false',
  count: 'a whole number',
  ratio: 'a number such as 0.01',
  size: 'a size such as 512MiB',
  duration: 'a duration such as 30s',
  time: 'a time with zone such as 2026-01-31T12:00:00Z',
  property: 'a text, a number, true or false',
  list: 'a list',
  map: 'a map'
}

/** `auto or a whole number`, `one of same, zero, sticky`. */
export function describeFormat({ format, words = [] }: Option): string {
  const rest = typeof format === 'string' ? (FORMAT_TEXT[format] ?? format) : `one of ${format.join(', ')}`
  return words.length === 0 ? rest : `${words.join(', ')} or ${rest}`
}
