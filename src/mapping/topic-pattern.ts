import { RE2JS } from 're2js'
import { MillraceError } from '../model/millrace-error.ts'
import { topicNameProblem } from './target-name.ts'

/** One entry of `topics.include` or `topics.exclude`. */
export interface TopicPattern {
  /** As written. */
  readonly text: string
  readonly kind: 'name' | 'pattern'
  matches(topic: string): boolean
  /** Would it match if a pattern without anchors were searched for anywhere in the name? */
  occursIn(topic: string): boolean
}

/**
 * Reads a topic name, or a pattern between slashes. A pattern has to match the whole name, as in MirrorMaker 2, unless
 * it says itself with `^` or `$` where it begins or ends: then it is searched for as it is written. So `/orders/` is
 * only `orders`, `/^orders/` is everything that begins so, `/\.internal$/` everything that ends so.
 *
 * The engine is RE2's, whose time is linear in the name: no pattern can hang a job. It knows no back-references.
 */
export function topicPattern(text: string): TopicPattern {
  if (!text.startsWith('/')) return namePattern(text)
  const expression = text.slice(1, -1)
  if (text.length < 3 || !text.endsWith('/')) {
    throw invalid(text, 'a pattern stands between two slashes', "Write it as '/^orders\\..+/'.")
  }
  const compiled = compile(text, expression)
  const anchored = hasAnchor(expression)
  return {
    text,
    kind: 'pattern',
    matches: (topic) => (anchored ? compiled.matcher(topic).find() : compiled.matches(topic)),
    occursIn: (topic) => compiled.matcher(topic).find()
  }
}

function namePattern(text: string): TopicPattern {
  const problem = topicNameProblem(text)
  if (problem !== undefined) {
    throw invalid(text, `not a topic name: ${problem}`, "Write a pattern between slashes, as '/^orders\\..+/'.")
  }
  const matches = (topic: string): boolean => topic === text
  return { text, kind: 'name', matches, occursIn: matches }
}

function compile(text: string, expression: string): RE2JS {
  try {
    return RE2JS.compile(expression)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw invalid(text, reason, 'Correct the pattern; its syntax is that of RE2.', error)
  }
}

/** Is there a `^` or `$` that is neither escaped nor in a character class? */
function hasAnchor(expression: string): boolean {
  let inClass = false
  for (let i = 0; i < expression.length; i++) {
    const character = expression[i]
    if (character === '\\') i++
    else if (inClass) inClass = character !== ']'
    else if (character === '[') {
      inClass = true
      // `[]a]` and `[^]a]`: a bracket that comes first belongs to the class.
      if (expression[i + 1] === '^') i++
      if (expression[i + 1] === ']') i++
    } else if (character === '^' || character === '$') return true
  }
  return false
}

function invalid(text: string, reason: string, next: string, cause?: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_PATTERN_INVALID',
    kind: 'configuration',
    message: `'${text}' can't select topics: ${reason}.`,
    next,
    place: { option: 'topics' },
    cause
  })
}
