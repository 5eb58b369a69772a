import { RE2JS } from 're2js'

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
    doc: 'Topics to copy: names, and patterns between slashes (RE2 syntax, found anywhere in the name unless anchored).',
    format: 'list',
    default: null,
    required: true,
    example: "[orders, '/^payments\\..+/']",
    of: topicOrPattern
  },
  exclude: {
    doc: 'Topics to leave out, names or patterns; wins over `include`. Internal topics are left out anyway.',
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

interface Refusal {
  readonly problem: string
  readonly next?: string
}

export function checkTopicName(name: string): Refusal | undefined {
  if (name.length > 249) return { problem: 'is longer than 249 characters, which no topic name can be' }
  if (/^[A-Za-z0-9._-]+$/.test(name) && name !== '.' && name !== '..') return undefined
  const problem = `${JSON.stringify(name)} is no topic name: letters, digits, dot, underscore and dash are allowed`
  return /[*+?^$|()[\]{}\\]/.test(name)
    ? { problem, next: 'A pattern stands between slashes: /^orders-.*/.' }
    : { problem }
}

function checkTopicOrPattern(text: string): Refusal | undefined {
  if (!text.startsWith('/')) return checkTopicName(text)
  if (text.length < 3 || !text.endsWith('/')) {
    return { problem: `pattern ${JSON.stringify(text)} must stand between slashes`, next: 'For instance /^orders-.*/.' }
  }
  try {
    RE2JS.compile(text.slice(1, -1))
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      problem: `pattern ${text} can't be read: ${reason}`,
      next: 'Look-around and back-references are not in RE2.'
    }
  }
}

function checkTemplate(template: string): Refusal | undefined {
  const fixed = template.replaceAll(SOURCE_TOPIC, '')
  const unknown = /#\{[^}]*\}?/.exec(fixed)
  if (unknown !== null) return { problem: `${unknown[0]} stands for nothing`, next: `Write ${SOURCE_TOPIC}.` }
  return fixed === '' ? undefined : checkTopicName(fixed)
}
