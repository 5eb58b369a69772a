import type { Assembled, MapValue, SectionValues } from './assemble-values.ts'
import type { ConfigProblem } from './config-errors.ts'
import { secretReferences } from './secret-references.ts'

type Report = (problem: ConfigProblem) => void

/** What no option can check for itself, because it takes two. Options that were refused already are left alone. */
export function checkTogether(assembled: Assembled, report: Report): void {
  const refuse = (path: readonly string[], message: string, next?: string): void => {
    const where = assembled.whereOf(path)
    report({ where, option: path.join('.'), message, ...(next === undefined ? {} : { next }) })
  }
  checkStart(assembled, refuse)
  for (const side of ['source', 'target']) {
    checkSecurity(side, assembled, refuse)
    checkReferences(side, assembled, refuse)
  }
  checkInclude(assembled, refuse)
}

type Refuse = (path: readonly string[], message: string, next?: string) => void

function checkStart({ values, isSet }: Assembled, refuse: Refuse): void {
  const from = (values['start'] as SectionValues)['from']
  const [time, offsets] = [
    ['start', 'time'],
    ['start', 'offsets']
  ] as const
  if (from === 'timestamp' && !isSet(time)) refuse(time, 'is required with start.from: timestamp')
  if (from !== 'timestamp' && isSet(time)) {
    refuse(time, `is for start.from: timestamp, and start.from is ${String(from)}`)
  }
  if (from === 'offsets' && !isSet(offsets)) refuse(offsets, 'is required with start.from: offsets')
  if (from !== 'offsets' && isSet(offsets)) {
    refuse(offsets, `is for start.from: offsets, and start.from is ${String(from)}`)
  }
}

function checkInclude({ values, isSet }: Assembled, refuse: Refuse): void {
  const include = (values['topics'] as SectionValues)['include']
  if (isSet(['topics', 'include']) && Array.isArray(include) && include.length === 0) {
    refuse(['topics', 'include'], 'names no topic')
  }
}

function checkSecurity(side: string, { values, isSet }: Assembled, refuse: Refuse): void {
  const cluster = values[side] as SectionValues
  const security = cluster['security'] as SectionValues
  const protocol = String(security['protocol'])
  const at = (option: string): readonly string[] => [side, 'security', option]
  const set = (option: string): boolean => isSet(at(option))
  const byProperty = isSet([side, 'properties', 'sasl.mechanisms'])
  if (protocol.startsWith('SASL_')) {
    if (!set('mechanism') && !byProperty) {
      refuse(at('mechanism'), `is required with ${protocol}`, 'PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.')
    }
    if (set('mechanism') && byProperty) {
      refuse(at('mechanism'), `is given, and ${side}.properties.sasl.mechanisms names another`)
    }
    for (const option of ['username', 'password']) {
      if (set('mechanism') && !set(option)) refuse(at(option), `is required with ${String(security['mechanism'])}`)
      if (byProperty && set(option)) refuse(at(option), 'is for PLAIN and SCRAM only')
    }
  } else {
    for (const option of ['mechanism', 'username', 'password']) {
      if (set(option))
        refuse(at(option), `needs SASL, and ${side}.security.protocol is ${protocol}`, saslHint(protocol))
    }
    if (byProperty) {
      refuse(
        [side, 'properties', 'sasl.mechanisms'],
        `needs SASL, and ${side}.security.protocol is ${protocol}`,
        saslHint(protocol)
      )
    }
  }
  if (!protocol.endsWith('SSL')) {
    const next = `Set ${side}.security.protocol: ${protocol === 'SASL_PLAINTEXT' ? 'SASL_SSL' : 'SSL'}.`
    for (const option of ['caFile', 'certificateFile', 'keyFile', 'keyPassword']) {
      if (set(option)) refuse(at(option), `needs SSL, and ${side}.security.protocol is ${protocol}`, next)
    }
  }
  if (set('certificateFile') && !set('keyFile')) refuse(at('keyFile'), 'is required with certificateFile')
  if (set('keyFile') && !set('certificateFile')) refuse(at('certificateFile'), 'is required with keyFile')
  if (set('keyPassword') && !set('keyFile')) refuse(at('keyPassword'), 'needs keyFile')
}

function saslHint(protocol: string): string {
  return `Set security.protocol: ${protocol === 'SSL' ? 'SASL_SSL' : 'SASL_PLAINTEXT'}.`
}

/** References are resolved late, but a wrong one is told at once. */
function checkReferences(side: string, { values }: Assembled, refuse: Refuse): void {
  const cluster = values[side] as SectionValues
  const security = Object.entries(cluster['security'] as SectionValues)
  const leaves = [
    ...security.map(([name, value]) => [[side, 'security', name], value] as const),
    ...(cluster['properties'] as MapValue).map(([name, value]) => [[side, 'properties', name], value] as const)
  ]
  for (const [path, value] of leaves) {
    if (typeof value !== 'string') continue
    for (const { kind, name, text } of secretReferences(value)) {
      if (kind !== 'file' && kind !== 'env')
        refuse(path, `${text} is no reference`, 'Write ${file:PATH} or ${env:NAME}.')
      else if (name === '') refuse(path, `${text} names nothing`)
    }
  }
}
