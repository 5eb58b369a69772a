const BODY = {
  version: 1,
  type: 'firing',
  delivery: '6f1c…',
  at: '2026-01-31T12:02:00.000Z',
  alarm: {
    id: 17,
    rule: 'five-minutes-behind',
    title: 'Five minutes behind',
    job: 'orders-to-dr',
    severity: 'warning',
    state: 'firing',
    since: '2026-01-31T12:00:00.000Z',
    firedAt: '2026-01-31T12:02:00.000Z',
    resolvedAt: null,
    text: '…'
  }
}

const CHECK = `import { createHmac, timingSafeEqual } from 'node:crypto'

function isGenuine(header, body, secret) {
  const { t, v1 } = Object.fromEntries(header.split(',').map((part) => part.split('=')))
  const wanted = createHmac('sha256', secret).update(\`\${t}.\${body}\`).digest()
  const given = Buffer.from(v1 ?? '', 'hex')
  const isFresh = Math.abs(Date.now() / 1000 - Number(t)) < 300
  return isFresh && given.length === wanted.length && timingSafeEqual(given, wanted)
}`

/** What a receiver gets, and how it knows that it is from this service. */
export function WebhookSample() {
  return (
    <div class="stack">
      <pre tabIndex={0} aria-label="A notification">
        {`Millrace-Delivery: 6f1c…\nMillrace-Signature: t=1769860920,v1=8a0e…\n\n${JSON.stringify(BODY, undefined, 2)}`}
      </pre>
      <p class="help">
        <code>v1</code> is the HMAC-SHA256 of <code>t</code>, a dot and the body as it came, with the secret of the
        channel. In Node.js:
      </p>
      <pre tabIndex={0} aria-label="How to check the signature">
        {CHECK}
      </pre>
    </div>
  )
}
