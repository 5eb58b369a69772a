import { MillraceError } from '../model/millrace-error.ts'
import { targetName, topicNameProblem } from './target-name.ts'
import { topicPattern } from './topic-pattern.ts'

const SOURCE_TOPIC = '#{source_Topic_name}'

const topicName = { doc: 'Name of a topic.', format: 'text', default: null, check: checkTopicName } as const
const topicOrPattern = {
  doc: 'Name of a topic, or /pattern/.',
  format: 'text',
  default: null,
  check: checkTopicOrPattern
} as const

export const mappingOptions = {
  include: {
    doc: 'Topics to copy: names, and RE2 patterns between slashes. A pattern matches the whole name, unless it says with ^ or $ itself where it begins or ends.',
    format: 'list',
    default: null,
    required: true,
    example: "[orders, '/^payments\\..+/']",
    of: topicOrPattern
  },
  exclude: {
    doc: 'Topics to leave out, names or patterns; wins over `include`. Internal topics (__*, mm2-*, *.internal, *-internal, *.replica, heartbeats) are left out as long as `include` does not name them.',
    format: 'list',
    default: [],
    example: "['/^test-/']",
    of: topicOrPattern
  },
  targetName: {
    doc: 'Name of the target topics: a fixed name, or a template with #{source_Topic_name}.',
    format: 'text',
    default: SOURCE_TOPIC,
    example: "'dr.#{source_Topic_name}'",
    check: checkTemplate
  },
  overrides: {
    doc: 'Target names of single topics, by source topic; win over `targetName`.',
    format: 'map',
    default: [],
    example: '{ orders: orders-copy }',
    checkKey: checkTopicName,
    of: topicName
  }
} as const

export const partitionsOption = {
  doc:
    'Partition of the target: same (as in the source, order kept), zero (all to partition 0), or sticky (spread batch ' +
    'by batch, order not kept).',
  format: ['same', 'zero', 'sticky'],
  default: 'same'
} as const

type Refusal = {
  readonly problem: string
  readonly next?: string
}

export function checkTopicName(name: string): Refusal | undefined {
  const problem = topicNameProblem(name)
  if (problem === undefined) return undefined
  const isPattern = /[*+?^$|()[\]{}\\]/.test(name)
  return {
    problem: `${JSON.stringify(name)} is no topic name: ${problem}`,
    ...(isPattern ? { next: "A pattern stands between slashes: '/^orders-.*/'." } : {})
  }
}

function checkTopicOrPattern(text: string): Refusal | undefined {
  if (!text.startsWith('/')) return checkTopicName(text)
  try {
    topicPattern(text)
    return undefined
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    return { problem: error.message.replace(/\.$/, ''), ...(error.next === undefined ? {} : { next: error.next }) }
  }
}

function checkTemplate(template: string): Refusal | undefined {
  // What a template makes of a source topic is known when there is one; its own text must be sound for any.
  const fixed = targetName('a', { targetName: template, overrides: {} })
  return checkTopicName(fixed)
}
