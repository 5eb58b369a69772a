import type { RefusedProperty } from './properties-refused.ts'

type Assign = readonly (readonly [path: readonly string[], value: string])[]

/** Properties that are options of `security`, so that there is one place for each. */
const securityOptions: Readonly<Record<string, string>> = {
  'security.protocol': 'protocol',
  'sasl.username': 'username',
  'sasl.password': 'password',
  'ssl.ca.location': 'caFile',
  'ssl.certificate.location': 'certificateFile',
  'ssl.key.location': 'keyFile',
  'ssl.key.password': 'keyPassword'
}

/** What a property about encryption and login stands for; undefined: it is a property like others. */
export function fromLogin(name: string, value: string): Assign | RefusedProperty | undefined {
  if (name === 'sasl.jaas.config') return fromJaas(value)
  if (name === 'security.protocol') return [[['security', 'protocol'], value.toUpperCase()]]
  if (name === 'sasl.mechanisms') {
    const mechanism = value.toUpperCase()
    if (mechanism === 'GSSAPI' || mechanism === 'OAUTHBEARER') return [[['properties', name], mechanism]]
    return [[['security', 'mechanism'], mechanism]]
  }
  if (name === 'ssl.endpoint.identification.algorithm') {
    // Java's way of switching it off is the empty text.
    if (value !== '' && value !== 'none' && value !== 'https') return { problem: 'must be one of none, https' }
    return [[['security', 'verifyHostname'], String(value === 'https')]]
  }
  const option = Object.hasOwn(securityOptions, name) ? securityOptions[name] : undefined
  return option === undefined ? undefined : [[['security', option], value]]
}

const jaasShape =
  /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b((?:\s+[\w.]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;"]+))*)\s*;?\s*$/

/** Java's `sasl.jaas.config`: the login module and its options. What it says is never repeated in an error. */
function fromJaas(config: string): Assign | RefusedProperty {
  const match = jaasShape.exec(config)
  if (match === null) {
    return { problem: 'is no JAAS configuration', next: 'Set security.username and security.password instead.' }
  }
  const module = (match[1] ?? '').split('.').at(-1)
  const options = new Map<string, string>()
  for (const [, name = '', value = ''] of (match[2] ?? '').matchAll(/([\w.]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)/g)) {
    options.set(name, value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value)
  }
  switch (module) {
    case 'PlainLoginModule':
    case 'ScramLoginModule':
      return pick(options, { username: ['security', 'username'], password: ['security', 'password'] })
    case 'Krb5LoginModule':
      return pick(options, {
        principal: ['properties', 'sasl.kerberos.principal'],
        keyTab: ['properties', 'sasl.kerberos.keytab'],
        serviceName: ['properties', 'sasl.kerberos.service.name']
      })
    case 'OAuthBearerLoginModule':
      return pick(options, {
        clientId: ['properties', 'sasl.oauthbearer.client.id'],
        clientSecret: ['properties', 'sasl.oauthbearer.client.secret'],
        scope: ['properties', 'sasl.oauthbearer.scope']
      })
    default:
      return { problem: `login module ${module} is of the Java client only` }
  }
}

function pick(given: ReadonlyMap<string, string>, paths: Readonly<Record<string, readonly string[]>>): Assign {
  return Object.entries(paths).flatMap(([name, path]) => {
    const value = given.get(name)
    return value === undefined ? [] : [[path, value] as const]
  })
}
