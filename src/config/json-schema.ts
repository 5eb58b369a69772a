import { jobOptions } from './job-options.ts'
import { type Option, type OptionFormat, type OptionNode, type OptionSection, isOption } from './option.ts'

type Schema = Readonly<Record<string, unknown>>

/** JSON Schema (draft 2020-12) of a configuration file, for editors. The program checks more than a schema can say. */
export function jsonSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'millrace job',
    ...sectionSchema(jobOptions)
  }
}

function nodeSchema(node: OptionNode): Schema {
  return isOption(node) ? optionSchema(node) : sectionSchema(node)
}

function sectionSchema(section: OptionSection): Schema {
  const children = Object.entries(section)
  const needed = children.filter(([, node]) => isRequired(node))
  const required = needed.filter(([, node]) => insteadOf(node) === undefined).map(([name]) => name)
  const either = needed.flatMap(([name, node]) => {
    const instead = insteadOf(node)
    return instead === undefined ? [] : [{ anyOf: [{ required: [name] }, { required: [instead] }] }]
  })
  // `properties.client.id: mirror` beside `properties: { client.id: mirror }`
  const maps = children.filter((entry): entry is [string, Option] => isOption(entry[1]) && entry[1].format === 'map')
  const dotted = maps.map(([name, { of }]) => [`^${name}\\.`, of === undefined ? {} : nodeSchema(of)] as const)
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    ...(either.length === 0 ? {} : { allOf: either }),
    properties: Object.fromEntries(children.map(([name, node]) => [name, nodeSchema(node)])),
    ...(dotted.length === 0 ? {} : { patternProperties: Object.fromEntries(dotted) })
  }
}

/** A section is required when something in it is. */
function isRequired(node: OptionNode): boolean {
  return isOption(node) ? node.required === true : Object.values(node).some(isRequired)
}

function insteadOf(node: OptionNode): string | undefined {
  return isOption(node) ? node.unless : undefined
}

function optionSchema(option: Option): Schema {
  const isConstant = option.default !== null && !Array.isArray(option.default)
  return {
    description: option.doc,
    ...typeSchema(option),
    ...(isConstant ? { default: option.default } : {})
  }
}

function typeSchema(option: Option): Schema {
  const { format, words } = option
  const schema = typeof format === 'string' ? formatSchema(format, option) : { enum: format }
  return words === undefined ? schema : { anyOf: [{ enum: words }, schema] }
}

function formatSchema(format: Extract<OptionFormat, string>, { of, min, max }: Option): Schema {
  const limits = { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) }
  switch (format) {
    case 'text':
      return { type: ['string', 'number', 'boolean'] }
    case 'flag':
      return { type: 'boolean' }
    case 'count':
      return { type: 'integer', ...limits }
    case 'ratio':
      return { type: 'number', ...limits }
    case 'size':
      return {
        anyOf: [
          { type: 'integer', ...limits },
          { type: 'string', pattern: '^\\d+(\\.\\d+)? ?[A-Za-z]*$' }
        ]
      }
    case 'duration':
      return {
        anyOf: [
          { type: 'integer', ...limits },
          { type: 'string', pattern: '^(\\d+|(\\d+(\\.\\d+)?(ms|s|m|h|d))+)$' }
        ]
      }
    case 'time':
      return { type: 'string', format: 'date-time' }
    case 'property':
      return { type: ['string', 'number', 'boolean'] }
    case 'list':
      return {
        anyOf: [
          { type: 'array', items: of === undefined ? {} : nodeSchema(of) },
          of === undefined ? {} : nodeSchema(of)
        ]
      }
    case 'map':
      return { type: 'object', additionalProperties: of === undefined ? {} : nodeSchema(of) }
  }
}
