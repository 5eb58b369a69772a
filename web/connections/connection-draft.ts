import type { Connection, ConnectionInput, SecretInput } from '../../src/api/contract.ts'

/** How one logs in; `properties`: Kerberos and OIDC, as the properties say. */
export type Login = 'none' | 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'properties'

/** What the form of a connection holds. Empty texts are options that are not set. */
export interface ConnectionDraft {
  readonly name: string
  readonly bootstrapServers: string
  readonly encrypted: boolean
  readonly login: Login
  readonly username: string
  readonly password: SecretInput | undefined
  readonly caFile: string
  readonly certificateFile: string
  readonly keyFile: string
  readonly keyPassword: SecretInput | undefined
  readonly verifyHostname: boolean
  readonly properties: Readonly<Record<string, string | number | boolean>>
  readonly note: string
}

export const NEW_CONNECTION: ConnectionDraft = {
  name: '',
  bootstrapServers: '',
  encrypted: false,
  login: 'none',
  username: '',
  password: undefined,
  caFile: '',
  certificateFile: '',
  keyFile: '',
  keyPassword: undefined,
  verifyHostname: true,
  properties: {},
  note: ''
}

/** What is stored of the secrets is kept. */
export function draftOf({ name, bootstrapServers, security, properties, note }: Connection): ConnectionDraft {
  const { protocol, mechanism, password, keyPassword } = security
  return {
    name,
    bootstrapServers,
    encrypted: protocol.endsWith('SSL'),
    login: protocol.startsWith('SASL') ? (mechanism ?? 'properties') : 'none',
    username: security.username ?? '',
    password: password && { keep: true },
    caFile: security.caFile ?? '',
    certificateFile: security.certificateFile ?? '',
    keyFile: security.keyFile ?? '',
    keyPassword: keyPassword && { keep: true },
    verifyHostname: security.verifyHostname ?? true,
    properties,
    note
  }
}

/** Only what belongs to the chosen login and encryption is sent. */
export function inputOf(draft: ConnectionDraft): ConnectionInput {
  const { login, encrypted } = draft
  const protocol = `${login === 'none' ? '' : 'SASL_'}${encrypted ? 'SSL' : 'PLAINTEXT'}` as const
  const hasPassword = login !== 'none' && login !== 'properties'
  const hasKey = encrypted && draft.keyFile !== ''
  return {
    bootstrapServers: draft.bootstrapServers
      .split(/[\s,]+/)
      .filter(Boolean)
      .join(','),
    security: {
      protocol,
      ...(hasPassword && { mechanism: login, ...given({ username: draft.username }) }),
      ...(hasPassword && draft.password && { password: draft.password }),
      ...(encrypted && given({ caFile: draft.caFile, certificateFile: draft.certificateFile, keyFile: draft.keyFile })),
      ...(hasKey && draft.keyPassword && { keyPassword: draft.keyPassword }),
      ...(encrypted && !draft.verifyHostname && { verifyHostname: false })
    },
    ...(Object.keys(draft.properties).length > 0 && { properties: draft.properties }),
    ...(draft.note !== '' && { note: draft.note })
  }
}

function given<Key extends string>(texts: Readonly<Record<Key, string>>): Partial<Record<Key, string>> {
  return Object.fromEntries(Object.entries<string>(texts).filter(([, text]) => text !== '')) as Partial<
    Record<Key, string>
  >
}

export type DraftProblems = Partial<Readonly<Record<keyof ConnectionDraft, string>>>

const SERVER = /^(?:\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/

export function problemsOfConnection(draft: ConnectionDraft): DraftProblems {
  const problems: { -readonly [Key in keyof ConnectionDraft]?: string } = {}
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(draft.name)) {
    problems.name =
      draft.name === '' ? 'Give it a name.' : 'Letters, digits, dots, underscores and dashes, at most 100.'
  }
  const servers = draft.bootstrapServers.split(/[\s,]+/).filter(Boolean)
  const bad = servers.find((server) => !SERVER.test(server))
  if (servers.length === 0) problems.bootstrapServers = 'Name at least one broker as host:port.'
  else if (bad !== undefined) problems.bootstrapServers = `${bad} is not host:port.`
  if (draft.login !== 'none' && draft.login !== 'properties') {
    if (draft.username === '') problems.username = `${draft.login} needs a user name.`
    if (draft.password === undefined) problems.password = `${draft.login} needs a password.`
  }
  if (draft.login === 'properties' && draft.properties['sasl.mechanisms'] === undefined) {
    problems.properties = 'Set sasl.mechanisms to GSSAPI or OAUTHBEARER.'
  }
  if (draft.encrypted && (draft.certificateFile === '') !== (draft.keyFile === '')) {
    problems[draft.certificateFile === '' ? 'certificateFile' : 'keyFile'] =
      'A client certificate needs both, the certificate and its key.'
  }
  return problems
}
