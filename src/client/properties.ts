import { didYouMean } from '../model/did-you-mean.ts'
import { type LibrdkafkaProperty, propertiesOfLibrdkafka } from './properties-of-librdkafka.ts'
import { fromJava } from './properties-of-java.ts'
import { fromLogin } from './properties-of-login.ts'
import { type RefusedProperty, refusedProperty } from './properties-refused.ts'

export type PropertyValue = string | number | boolean

/**
 * What a pass-through property stands for: options of the cluster's section, such as `properties` +
 * `compression.codec` or `security` + `username`; or why it is refused. Names are librdkafka's, aliases resolved.
 */
export type PropertyTranslation =
  RefusedProperty | { readonly assign: readonly (readonly [path: readonly string[], value: PropertyValue])[] }

/** Never repeats a value that could be a secret. */
export function translateProperty(
  side: 'source' | 'target',
  written: string,
  value: PropertyValue
): PropertyTranslation {
  const text = String(value)
  const java = fromJava(side, knownProperty(written)?.aliasOf ?? written)
  if (typeof java !== 'string') return java
  const name = knownProperty(java)?.aliasOf ?? java
  const refusal = refusedProperty(name, text)
  if (refusal !== undefined) return refusal
  const login = fromLogin(name, text)
  if (login !== undefined) return 'problem' in login ? login : checkedLogin(login)
  const known = knownProperty(name)
  if (known === undefined) return unknownProperty(written)
  if (known.type === 'callback') return { problem: 'it is a callback, which a configuration can not set' }
  if (known.side === 'P' && side === 'source')
    return { problem: 'it is of producers; the source is read by a consumer' }
  if (known.side === 'C' && side === 'target')
    return { problem: 'it is of consumers; the target is written by a producer' }
  if (name === 'ssl.keystore.location' && /\.jks$/i.test(text)) {
    return { problem: 'Java key stores can not be read', next: 'Turn the store into PKCS#12 (.p12) or PEM.' }
  }
  const typed = typedValue(known, text)
  return typeof typed === 'object' ? typed : { assign: [[['properties', name], typed]] }
}

/** What was packed into another property is no freer than if it had been written by itself. */
function checkedLogin(assign: readonly (readonly [path: readonly string[], value: string])[]): PropertyTranslation {
  for (const [[section, name = ''], value] of assign) {
    const refusal = section === 'properties' ? refusedProperty(name, value) : undefined
    if (refusal !== undefined) return { problem: `${name} ${refusal.problem}` }
  }
  return { assign }
}

/** `FETCH_MAX_BYTES` → `fetch.max.bytes`, as the end of an environment variable says it. */
export function keyOfPropertyVariable(suffix: string): string {
  const known = Object.keys(propertiesOfLibrdkafka).find((name) => {
    return name.toUpperCase().replace(/[^A-Z0-9]/g, '_') === suffix
  })
  return known ?? suffix.toLowerCase().replaceAll('_', '.')
}

function knownProperty(name: string): LibrdkafkaProperty | undefined {
  return Object.hasOwn(propertiesOfLibrdkafka, name) ? propertiesOfLibrdkafka[name] : undefined
}

function unknownProperty(name: string): RefusedProperty {
  const near = didYouMean(name, Object.keys(propertiesOfLibrdkafka))
  const problem = 'neither librdkafka nor the Java client has a property of this name'
  return near === undefined ? { problem } : { problem, next: `Did you mean ${near}?` }
}

function typedValue(known: LibrdkafkaProperty, text: string): PropertyValue | RefusedProperty {
  switch (known.type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : { problem: 'must be true or false' }
    case 'integer':
    case 'float':
      return numberValue(known, text)
    case 'word':
      return wordValue(known.words ?? [], text)
    default:
      return text
  }
}

function numberValue(
  { type, min = -Infinity, max = Infinity }: LibrdkafkaProperty,
  text: string
): PropertyValue | RefusedProperty {
  if (text === 'all' && min === -1) return -1
  const value = Number(text)
  const shape = type === 'float' ? /^-?\d+(?:\.\d+)?$/ : /^-?\d+$/
  if (!shape.test(text)) return { problem: `must be a ${type === 'float' ? 'number' : 'whole number'}` }
  return value >= min && value <= max ? value : { problem: `must be between ${min} and ${max}` }
}

function wordValue(words: readonly string[], text: string): PropertyValue | RefusedProperty {
  if (words.includes(text)) return text
  const near = didYouMean(text, words)
  const problem = `must be one of ${words.join(', ')}`
  return near === undefined ? { problem } : { problem, next: `Did you mean ${near}?` }
}
