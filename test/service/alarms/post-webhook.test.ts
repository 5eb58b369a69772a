import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { postWebhook, webhookBody } from '../../../src/service/alarms/post-webhook.ts'
import { freePort } from '../../helpers/free-port.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../helpers/webhook-receiver.ts'
import { MESSAGE } from './messages.ts'

const AT = MESSAGE.at

const DOCS = readFileSync(new URL('../../../docs/alarms.md', import.meta.url), 'utf8')
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(DOCS)?.[1] ?? ''

/** The example that docs/alarms.md gives to receivers, as it stands there. */
async function documentedCheck() {
  const source = `${block('js')}\nexport { isFromMillrace }`
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    isFromMillrace(signature: string, body: string, secret: string): boolean
  }
  return module.isFromMillrace
}

describe('a webhook', () => {
  let receiver: WebhookReceiver
  const never = new AbortController().signal
  const post = async (changes: { url?: string; secret?: string; timeoutMs?: number; signal?: AbortSignal } = {}) => {
    const { url = receiver.url, secret, ...rest } = changes
    return await postWebhook({ url, secret }, MESSAGE, { now: AT, signal: never, ...rest })
  }

  beforeEach(async () => {
    receiver = await startWebhookReceiver()
  })
  afterEach(async () => {
    vi.useRealTimers()
    await receiver.close()
  })

  it('is signed so that the receiver can tell it from all others', async () => {
    const isFromMillrace = await documentedCheck()
    vi.useFakeTimers({ toFake: ['Date'], now: AT })
    expect(await post({ secret: 'geheim' })).toMatchObject({ ok: true })
    const { headers, body } = receiver.received[0] ?? { headers: {}, body: '' }
    const signature = String(headers['millrace-signature'])
    expect(isFromMillrace(signature, body, 'geheim')).toBe(true)
    expect(isFromMillrace(signature, body, 'another')).toBe(false)
    expect(isFromMillrace(signature, body.replace('17', '18'), 'geheim')).toBe(false)
    expect(
      isFromMillrace(
        signature.replace(/t=(\d+)/, (_, t) => `t=${Number(t) + 1}`),
        body,
        'geheim'
      )
    ).toBe(false)
    expect(isFromMillrace('', body, 'geheim')).toBe(false)
    vi.setSystemTime(AT + 3_600_000)
    expect(isFromMillrace(signature, body, 'geheim')).toBe(false)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'millrace-delivery': MESSAGE.delivery })
  })

  it('is not signed without a secret', async () => {
    await post()
    expect(receiver.received[0]?.headers).not.toHaveProperty('millrace-signature')
  })

  it('has the body that the documentation shows', () => {
    expect(JSON.parse(block('json'))).toEqual(JSON.parse(webhookBody(MESSAGE)))
  })

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [404, false],
    [410, false]
  ])('that is answered %i is sent again: %s', async (status, retry) => {
    receiver.answer(status, 'no such hook')
    expect(await post()).toEqual({ ok: false, retry, detail: `The receiver answered ${status}: no such hook` })
  })

  it('does not follow redirects', async () => {
    const other = await startWebhookReceiver()
    receiver.answer(307, '', { location: other.url })
    expect(await post()).toMatchObject({ ok: false, retry: false })
    expect(other.received).toEqual([])
    await other.close()
  })

  it('is given up in time when nobody answers, and sent again', async () => {
    receiver.answer('silence')
    expect(await post({ timeoutMs: 200 })).toEqual({ ok: false, retry: true, detail: 'No answer within 0.2 s.' })
  })

  it('ends when the service does', async () => {
    receiver.answer('silence')
    const abort = new AbortController()
    const posted = post({ signal: abort.signal })
    await receiver.until(1)
    abort.abort()
    expect((await posted).ok).toBe(false)
  })

  it('to nobody is sent again', async () => {
    const outcome = await post({ url: `http://127.0.0.1:${await freePort()}/` })
    expect(outcome).toMatchObject({ ok: false, retry: true, detail: expect.stringContaining('ECONNREFUSED') as string })
  })

  it('reads and shows only the begin of a long answer, without control characters', async () => {
    receiver.answer(500, `\u001b[31m${'x'.repeat(5_000_000)}`)
    const { detail } = await post()
    expect(detail).toContain('\\x1b')
    expect(detail.length).toBeLessThan(400)
  })
})
