import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendMail, type MailTarget } from '../../../src/service/alarms/send-mail.ts'
import { freePort } from '../../helpers/free-port.ts'
import { type SmtpReceiver, startSmtpReceiver } from '../../helpers/smtp-receiver.ts'
import { MESSAGE } from './messages.ts'

describe('a mail', () => {
  let server: SmtpReceiver
  const target = (changes: Partial<MailTarget> = {}): MailTarget => ({
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    username: null,
    password: undefined,
    from: 'millrace@example.com',
    to: ['ops@example.com', 'night@example.com'],
    ...changes
  })

  beforeEach(async () => {
    server = await startSmtpReceiver()
  })
  afterEach(() => server.close())

  it('says what fires, to all who are to know', async () => {
    expect(await sendMail(target(), MESSAGE)).toMatchObject({ ok: true })
    const [mail] = server.mails
    expect(mail).toMatchObject({ from: 'millrace@example.com', to: ['ops@example.com', 'night@example.com'] })
    const text = mail?.text.replaceAll(/=\r\n|\r\n(?= )/g, '') ?? ''
    expect(text).toContain('Subject: [millrace] critical, orders-to-dr: A job is more than a million records behind')
    expect(text).toContain('The lag of orders-to-dr is 1,234,567 records')
    expect(text).toContain(`X-Millrace-Delivery: ${MESSAGE.delivery}`)
  })

  it('logs in where there is a name', async () => {
    await sendMail(target({ username: 'mill', password: 'geheim' }), MESSAGE)
    const plain = Buffer.from('\0mill\0geheim').toString('base64')
    expect(server.commands).toContain(`AUTH PLAIN ${plain}`)
  })

  it('is not tried again with credentials that were refused', async () => {
    server.answer('AUTH', '535 who are you')
    expect(await sendMail(target({ username: 'mill', password: 'x' }), MESSAGE)).toMatchObject({
      ok: false,
      retry: false
    })
    expect(server.mails).toEqual([])
  })

  it('that is refused for good is not tried again, one that is refused for now is', async () => {
    server.answer('RCPT', '550 nobody of that name')
    expect(await sendMail(target(), MESSAGE)).toMatchObject({ ok: false, retry: false })
    server.answer('RCPT', '451 later')
    expect(await sendMail(target(), MESSAGE)).toMatchObject({ ok: false, retry: true })
  })

  it('is not sent in the clear where TLS is asked for', async () => {
    expect(await sendMail(target({ tls: 'starttls' }), MESSAGE)).toMatchObject({ ok: false })
    expect(server.mails).toEqual([])
    expect(server.commands.join()).not.toContain('MAIL')
  })

  it('to a server that is away, or says nothing, is tried again', async () => {
    expect(await sendMail(target({ port: await freePort() }), MESSAGE)).toMatchObject({ ok: false, retry: true })
    server.answer('EHLO', '')
    expect(await sendMail(target(), MESSAGE, { timeoutMs: 300 })).toMatchObject({ ok: false, retry: true })
  })

  it('has no headers that a title brings', async () => {
    const title = 'x\r\nBcc: thief@example.com\r\n\r\nhello'
    await sendMail(target(), { ...MESSAGE, alarm: { ...MESSAGE.alarm, title } })
    expect(server.mails[0]?.text).not.toMatch(/^Bcc:/im)
    expect(server.mails[0]?.to).toHaveLength(2)
  })
})
