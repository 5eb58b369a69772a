import type { Channel, SecretView } from '../../api/contract.ts'
import type { SecretKeeper } from '../record/records.ts'
import { list, nullable, number, record, type Shape, text, whole, word } from '../shape.ts'

/** A secret as the file of channels has it: a file of the service's own, or a reference to somewhere else. */
export type KeptSecret = { readonly changedAt: number } & (
  { readonly file: string; readonly reference: null } | { readonly file: null; readonly reference: string }
)

export interface StoredWebhook {
  readonly name: string
  readonly revision: number
  readonly kind: 'webhook'
  readonly url: string
  readonly secret: KeptSecret | null
}

export interface StoredMail {
  readonly name: string
  readonly revision: number
  readonly kind: 'email'
  readonly host: string
  readonly port: number
  readonly tls: 'none' | 'starttls' | 'tls'
  readonly username: string | null
  /** The password. */
  readonly secret: KeptSecret | null
  readonly from: string
  readonly to: readonly string[]
}

export type StoredChannel = StoredWebhook | StoredMail

const isNull = (value: unknown): value is null => value === null
const secret: Shape<KeptSecret> = (value): value is KeptSecret =>
  record({ changedAt: number, file: text, reference: isNull })(value) ||
  record({ changedAt: number, file: isNull, reference: text })(value)
const webhook: Shape<StoredWebhook> = record({
  name: text,
  revision: whole,
  kind: word('webhook'),
  url: text,
  secret: nullable(secret)
})
const mail: Shape<StoredMail> = record({
  name: text,
  revision: whole,
  kind: word('email'),
  host: text,
  port: whole,
  tls: word('none', 'starttls', 'tls'),
  username: nullable(text),
  secret: nullable(secret),
  from: text,
  to: list(text)
})

/** `alarms/channels.yaml`. */
export const channelsFile = record({
  channels: list((value): value is StoredChannel => webhook(value) || mail(value))
})

/** A channel as it is shown: of a secret only the fingerprint, or where it is kept elsewhere. */
export function channelView(stored: StoredChannel, secrets: Pick<SecretKeeper, 'read' | 'fingerprint'>): Channel {
  const shown: SecretView | null =
    stored.secret === null
      ? null
      : {
          fingerprint: stored.secret.file === null ? null : secrets.fingerprint(secrets.read(stored.secret.file)),
          reference: stored.secret.reference,
          changedAt: stored.secret.changedAt
        }
  const { secret: _, ...rest } = stored
  return rest.kind === 'webhook' ? { ...rest, secret: shown } : { ...rest, password: shown }
}
