import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Channel, ChannelInput, SecretInput } from '../../api/contract.ts'
import { resolveSecretText, type SecretSources } from '../../config/resolve-secrets.ts'
import { describeError } from '../../model/millrace-error.ts'
import { checkPrecondition } from '../page.ts'
import type { SecretKeeper } from '../record/records.ts'
import { badRequest, notFound } from '../service-errors.ts'
import type { Precondition } from '../service-port.ts'
import { Serial } from '../serial.ts'
import type { AlarmMessage, Attempt } from './alarm-message.ts'
import { channelsFile, channelView, type KeptSecret, type StoredChannel } from './channel-file.ts'
import { checkChannel } from './check-channel.ts'
import { KeptFile } from './kept-file.ts'
import { postWebhook } from './post-webhook.ts'
import { sendMail } from './send-mail.ts'

export interface AlarmChannelsOptions {
  readonly directory: string
  readonly secrets: SecretKeeper
  readonly sources: SecretSources
  readonly now: () => number
}

/**
 * Where alarms are told, of `alarms/channels.yaml`.
 *
 * Invariant: changes come one after the other. A secret is in a file before its channel refers to it, and its file goes
 * after the channel refers to another.
 */
export class AlarmChannels {
  readonly #options: AlarmChannelsOptions
  readonly #file: KeptFile<{ readonly channels: readonly StoredChannel[] }>
  readonly #serial = new Serial()

  private constructor(options: AlarmChannelsOptions, file: KeptFile<{ readonly channels: readonly StoredChannel[] }>) {
    this.#options = options
    this.#file = file
  }

  static async open(options: AlarmChannelsOptions): Promise<AlarmChannels> {
    const path = join(options.directory, 'channels.yaml')
    const heading = 'Where the millrace service tells its alarms'
    const file = await KeptFile.open(path, heading, channelsFile, { channels: [] })
    const channels = new AlarmChannels(options, file)
    // While it can't be read, nobody knows which secrets it needs.
    if (file.damage === undefined) await options.secrets.dropOthers(secretOwner(''), channels.#secretFiles())
    return channels
  }

  /** Why the file can't be used. */
  get damage(): Error | undefined {
    return this.#file.damage
  }

  get names(): readonly string[] {
    return this.#stored.map(({ name }) => name)
  }

  views(): readonly Channel[] {
    return this.#stored.map((channel) => channelView(channel, this.#options.secrets))
  }

  async put(name: string, input: ChannelInput, on: Precondition): Promise<Channel> {
    const { secrets } = this.#options
    return await this.#serial.run(async () => {
      if (this.#file.damage !== undefined) throw this.#file.damage
      const before = this.#stored.find((channel) => channel.name === name)
      checkPrecondition(`channel ${name}`, before?.revision, on)
      checkChannel(input)
      const given = input.kind === 'webhook' ? input.secret : input.password
      const kept = before?.kind === input.kind ? before.secret : null
      if (given !== undefined && 'keep' in given && kept?.file != null && isElsewhere(before, input)) {
        throw badRequest(
          'A stored password is not sent to another mail server, or by another protocol, than it was stored for.',
          'Send the password again.'
        )
      }
      const secret = await this.#keep(name, given, kept)
      const same = storedChannel(name, before?.revision ?? 0, input, secret)
      if (isDeepStrictEqual(before, same)) return channelView(same, secrets)
      const changed = { ...same, revision: same.revision + 1 }
      const others = this.#stored.filter((channel) => channel.name !== name)
      try {
        await this.#file.save({ channels: [...others, changed].sort((a, b) => (a.name < b.name ? -1 : 1)) })
      } catch (error) {
        if (secret?.file != null && secret.file !== kept?.file) await this.#drop(secret)
        throw error
      }
      if (before?.secret?.file !== secret?.file) await this.#drop(before?.secret)
      return channelView(changed, secrets)
    })
  }

  async delete(name: string, on: Precondition): Promise<void> {
    await this.#serial.run(async () => {
      if (this.#file.damage !== undefined) throw this.#file.damage
      const channel = this.get(name)
      checkPrecondition(`channel ${name}`, channel.revision, on)
      await this.#file.save({ channels: this.#stored.filter((one) => one !== channel) })
      await this.#drop(channel.secret)
    })
  }

  get(name: string): StoredChannel {
    const channel = this.#stored.find((one) => one.name === name)
    if (channel === undefined) throw notFound(`channel ${name}`)
    return channel
  }

  /** One attempt. Never rejects. */
  async send(name: string, message: AlarmMessage, signal: AbortSignal): Promise<Attempt> {
    const channel = this.#stored.find((one) => one.name === name)
    if (channel === undefined) return { ok: false, detail: 'There is no such channel any more.', retry: false }
    let secret: string | undefined
    try {
      secret = this.#secretOf(channel)
    } catch (error) {
      return { ok: false, detail: `Its secret can't be read: ${describeError(error)}`, retry: false }
    }
    return channel.kind === 'webhook'
      ? await postWebhook({ url: channel.url, secret }, message, { now: this.#options.now(), signal })
      : await sendMail({ ...channel, password: secret }, message)
  }

  get #stored(): readonly StoredChannel[] {
    return this.#file.value.channels
  }

  #secretFiles(): Set<string> {
    return new Set(this.#stored.map(({ secret }) => secret?.file).filter((file) => typeof file === 'string'))
  }

  #secretOf({ name, secret }: StoredChannel): string | undefined {
    const { secrets, sources } = this.#options
    if (secret === null) return undefined
    return secret.file === null
      ? resolveSecretText(`channel ${name}`, secret.reference, sources)
      : secrets.read(secret.file)
  }

  async #keep(name: string, given: SecretInput | undefined, kept: KeptSecret | null): Promise<KeptSecret | null> {
    const { secrets, now } = this.#options
    if (given === undefined) return null
    if ('keep' in given) {
      if (kept !== null) return kept
      throw badRequest('A secret is to be kept, and there is none yet.', 'Send the secret, or a reference to it.')
    }
    if ('reference' in given) {
      if (kept?.reference === given.reference) return kept
      if (!/^\$\{(?:file|env):[^}]+\}$/.test(given.reference)) {
        throw badRequest(
          'A reference to a secret is none.',
          'Write ${file:PATH} or ${env:NAME}, or send the secret itself.'
        )
      }
      return { changedAt: now(), file: null, reference: given.reference }
    }
    if (given.set === '') throw badRequest('A secret is empty.', 'Send the secret, or leave it out.')
    return { changedAt: now(), file: await secrets.keep(secretOwner(name), given.set), reference: null }
  }

  /** One that is left behind costs nothing; what was changed is changed. */
  async #drop(secret: KeptSecret | null | undefined): Promise<void> {
    if (secret?.file != null) await this.#options.secrets.drop(secret.file).catch(() => undefined)
  }
}

/** Of mail alone: a webhook is signed with its secret and never sent it. */
function isElsewhere(before: StoredChannel | undefined, input: ChannelInput): boolean {
  if (before?.kind !== 'email' || input.kind !== 'email') return false
  return before.host !== input.host || before.port !== input.port || before.tls !== input.tls
}

/** See `SecretKeeper.keep`. */
function secretOwner(name: string): string {
  return `channel-${name}`
}

function storedChannel(name: string, revision: number, input: ChannelInput, secret: KeptSecret | null): StoredChannel {
  if (input.kind === 'webhook') return { name, revision, kind: 'webhook', url: input.url, secret }
  const { kind, host, port, tls, username = null, from, to } = input
  return { name, revision, kind, host, port, tls, username, secret, from, to: [...to] }
}
