import type { JsonValue } from '../../../src/api/contract.ts'
import { isJsonMap } from './json-path.ts'

/** Names of what nobody should see, as the service knows them (src/config/show-config.ts): rather too many than too few. */
const SECRET =
  /^(?:source|target)\.(?:security|properties)\.(?:sasl\.(?!mechanisms$|kerberos\.(?:service\.name|principal|keytab)$)|.*(?:password|passphrase|secret|token|credential|key\.pem))|^otlp\.headers\./i
/** https://user:password@host */
const CREDENTIALS = /:\/\/[^\s/?#]*@/
const REFERENCE = /^\$\{(?:file|env):[^}]+\}$/

/** An imported file may have a password in it, or somebody types one into the properties: that is not left in the browser. */
export function hasSecret(config: JsonValue, option = ''): boolean {
  if (isJsonMap(config)) {
    return Object.entries(config).some(([key, value]) => hasSecret(value, option === '' ? key : `${option}.${key}`))
  }
  if (Array.isArray(config)) return config.some((item) => hasSecret(item, option))
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  return (SECRET.test(option) && !REFERENCE.test(text.trim())) || CREDENTIALS.test(text)
}
