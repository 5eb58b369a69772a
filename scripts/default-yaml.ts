import { jobOptions } from '../src/config/job-options.ts'
import { type Option, type OptionNode, isOption } from '../src/config/option.ts'

const WIDTH = 116

/** `config/default.yaml`: every option with its default and what it is for. What has no default is a comment. */
export function defaultYaml(): string {
  return [
    '# Every option of a job. Generated from the options themselves; do not edit.',
    '# A line that is commented out shows how an option without a default is written.',
    ...yamlOf(jobOptions, 0)
  ]
    .join('\n')
    .concat('\n')
}

function yamlOf(node: OptionNode, depth: number): string[] {
  const indent = '  '.repeat(depth)
  return Object.entries(node as Record<string, OptionNode>).flatMap(([name, child]) => {
    if (!isOption(child)) {
      // Without a line that isn't a comment the section would be null.
      return ['', `${indent}${name}:`, ...yamlOf(child, depth + 1)]
    }
    const doc = wrap(child.doc, WIDTH - indent.length - 2).map((line) => `${indent}# ${line}`)
    const marks = child.required === true ? [`${indent}# Required${orInstead(child)}.`] : []
    return ['', ...doc, ...marks, yamlLine(name, child, indent)]
  })
}

/** ` without NAME`, where another option may be given instead of a required one. */
export function orInstead({ unless }: Option): string {
  return unless === undefined ? '' : ` without ${unless}`
}

function yamlLine(name: string, option: Option, indent: string): string {
  if (option.default === null || (Array.isArray(option.default) && option.example !== undefined)) {
    return `${indent}# ${name}: ${option.example ?? ''}`.trimEnd()
  }
  return `${indent}${name}: ${defaultText(option)}`
}

/** The default as a YAML value. */
export function defaultText({ default: value, format, defaultDoc }: Option): string {
  if (Array.isArray(value)) return format === 'map' ? '{}' : '[]'
  if (format === 'size' && defaultDoc !== undefined) return defaultDoc
  if (format === 'duration' && typeof value === 'number') return value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`
  return typeof value === 'string' && /[#{}[\]:]/.test(value) ? `'${value}'` : String(value)
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
