import type { Channel, ChannelInput, SecretInput } from '../../src/api/contract.ts'

/** What the form of a channel holds, of either kind. */
export interface ChannelDraft {
  readonly name: string
  readonly kind: ChannelInput['kind']
  readonly url: string
  readonly secret: SecretInput | undefined
  readonly host: string
  readonly port: string
  readonly tls: 'none' | 'starttls' | 'tls'
  readonly username: string
  readonly from: string
  readonly to: readonly string[]
}

const EMPTY: ChannelDraft = {
  name: '',
  kind: 'webhook',
  url: '',
  secret: undefined,
  host: '',
  port: '587',
  tls: 'starttls',
  username: '',
  from: '',
  to: []
}

export function channelDraft(channel: Channel | undefined): ChannelDraft {
  if (!channel) return EMPTY
  const { name } = channel
  if (channel.kind === 'webhook') {
    return { ...EMPTY, name, url: channel.url, secret: channel.secret ? { keep: true } : undefined }
  }
  const { kind, host, port, tls, username, password, from, to } = channel
  const secret = password ? ({ keep: true } as const) : undefined
  return { ...EMPTY, name, kind, host, port: String(port), tls, username: username ?? '', secret, from, to }
}

export function channelInput(draft: ChannelDraft): ChannelInput {
  const { kind, secret, host, tls, username, from, to } = draft
  if (kind === 'webhook') return { kind, url: draft.url.trim(), ...(secret && { secret }) }
  return {
    kind,
    host,
    port: Number(draft.port),
    tls,
    from,
    to,
    ...(username !== '' && { username }),
    ...(username !== '' && secret && { password: secret })
  }
}

const MAIL = /^[^\s@]+@[^\s@]+$/

export function problemsOfChannel(draft: ChannelDraft): Partial<Readonly<Record<keyof ChannelDraft, string>>> {
  const problems: { -readonly [Key in keyof ChannelDraft]?: string } = {}
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(draft.name)) {
    problems.name =
      draft.name === '' ? 'Give it a name.' : 'Letters, digits, dots, underscores and dashes, at most 100.'
  }
  if (draft.kind === 'webhook') {
    if (!/^https?:\/\/[^\s/]+/.test(draft.url.trim())) problems.url = 'An address that begins with https:// or http://.'
    return problems
  }
  if (!/^[A-Za-z0-9._:-]+$/.test(draft.host)) problems.host = 'The name of a mail server.'
  const port = Number(draft.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) problems.port = 'A port from 1 to 65535.'
  if (!MAIL.test(draft.from)) problems.from = 'A mail address.'
  const bad = draft.to.find((address) => !MAIL.test(address))
  if (bad !== undefined) problems.to = `${bad} is no mail address.`
  else if (draft.to.length === 0) problems.to = 'At least one mail address.'
  return problems
}
