import type { Assembled, MapValue, SectionValues } from './assemble-values.ts'
import type { ConfigProblem } from './config-errors.ts'
import { secretReferences } from './secret-references.ts'

type Path = readonly string[]

/** `because`: the option that asks for the one that is missing, to have a place in the file to point at. */
type Refuse = (path: Path, message: string, hint?: { readonly next?: string; readonly because?: Path }) => void

/** What no option can check for itself, because it takes two. */
export function checkTogether(assembled: Assembled, report: (problem: ConfigProblem) => void): void {
  const refuse: Refuse = (path, message, { next, because } = {}) => {
    const where = assembled.whereOf(assembled.isSet(path) ? path : (because ?? path))
    report({ where, option: path.join('.'), message, ...(next === undefined ? {} : { next }) })
  }
  checkStart(assembled, refuse)
  for (const side of ['source', 'target']) {
    checkLogin(side, assembled, refuse)
    checkEncryption(side, assembled, refuse)
    checkReferences(side, assembled, refuse)
  }
  checkHeaders(assembled, refuse)
  if (assembled.isSet(['deadLetter', 'topic']) && assembled.isSet(['deadLetter', 'file'])) {
    refuse(['deadLetter', 'file'], 'is given, and so is deadLetter.topic', { next: 'Choose one of them.' })
  }
  const include = section(assembled.values['topics'])['include']
  if (Array.isArray(include) && include.length === 0) refuse(['topics', 'include'], 'names no topic')
}

function checkStart({ values, isSet }: Assembled, refuse: Refuse): void {
  const from = text(section(values['start'])['from'])
  const because = ['start', 'from']
  for (const [option, word] of [
    ['time', 'timestamp'],
    ['offsets', 'offsets']
  ] as const) {
    const path = ['start', option]
    if (from === word && !isSet(path)) refuse(path, `is required with start.from: ${word}`, { because })
    if (from !== word && isSet(path)) {
      refuse(path, `is for start.from: ${word} only, and start.from is ${from}`)
    }
  }
}

function checkLogin(side: string, { values, isSet }: Assembled, refuse: Refuse): void {
  const security = section(section(values[side])['security'])
  const protocol = text(security['protocol'])
  const at = (option: string): Path => [side, 'security', option]
  const byProperty = [side, 'properties', 'sasl.mechanisms']
  if (!protocol.startsWith('SASL_')) {
    const next = `Set ${side}.security.protocol: ${protocol === 'SSL' ? 'SASL_SSL' : 'SASL_PLAINTEXT'}.`
    for (const path of [at('mechanism'), at('username'), at('password'), byProperty]) {
      if (isSet(path)) refuse(path, `needs SASL, and ${side}.security.protocol is ${protocol}`, { next })
    }
    return
  }
  const mechanism = at('mechanism')
  if (!isSet(mechanism) && !isSet(byProperty)) {
    const next = `PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; GSSAPI and OAUTHBEARER by ${byProperty.join('.')}.`
    refuse(mechanism, `is required with ${protocol}`, { next, because: at('protocol') })
  }
  if (isSet(mechanism) && isSet(byProperty)) refuse(mechanism, `is given, and so is ${byProperty.join('.')}`)
  for (const path of [at('username'), at('password')]) {
    if (isSet(mechanism) && !isSet(path)) {
      refuse(path, `is required with ${text(security['mechanism'])}`, { because: mechanism })
    }
    if (isSet(byProperty) && isSet(path)) refuse(path, 'is for PLAIN and SCRAM only')
  }
}

function checkEncryption(side: string, { values, isSet }: Assembled, refuse: Refuse): void {
  const protocol = text(section(section(values[side])['security'])['protocol'])
  const at = (option: string): Path => [side, 'security', option]
  if (!protocol.endsWith('SSL')) {
    const next = `Set ${side}.security.protocol: ${protocol === 'SASL_PLAINTEXT' ? 'SASL_SSL' : 'SSL'}.`
    for (const option of ['caFile', 'certificateFile', 'keyFile', 'keyPassword']) {
      if (isSet(at(option))) refuse(at(option), `needs SSL, and ${side}.security.protocol is ${protocol}`, { next })
    }
  }
  const requires = (option: string, other: string): void => {
    if (isSet(at(option)) && !isSet(at(other))) refuse(at(other), `is required with ${option}`, { because: at(option) })
  }
  requires('certificateFile', 'keyFile')
  requires('keyFile', 'certificateFile')
  requires('keyPassword', 'keyFile')
}

/** References are resolved late, but a wrong one is told at once. */
function checkReferences(side: string, { values }: Assembled, refuse: Refuse): void {
  const cluster = section(values[side])
  const leaves = [
    ...Object.entries(section(cluster['security'])).map(([name, value]) => [['security', name], value] as const),
    ...(cluster['properties'] as MapValue).map(([name, value]) => [['properties', name], value] as const)
  ]
  for (const [path, value] of leaves) checkReference([side, ...path], value, refuse)
}

function checkHeaders({ values }: Assembled, refuse: Refuse): void {
  const headers = section(values['otlp'])['headers'] as MapValue
  for (const [name, value] of headers) checkReference(['otlp', 'headers', name], value, refuse)
}

function checkReference(path: Path, value: unknown, refuse: Refuse): void {
  if (typeof value !== 'string') return
  for (const { kind, name } of secretReferences(value)) {
    if (kind !== 'file' && kind !== 'env') {
      refuse(path, `\${${kind}:…} is no reference`, { next: 'Write ${file:PATH} or ${env:NAME}.' })
    } else if (name === '') refuse(path, `\${${kind}:} names nothing`)
  }
}

function section(value: unknown): SectionValues {
  return value as SectionValues
}

/** The word that an option with a word has. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
