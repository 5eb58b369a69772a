import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ServerEvent, readServerEvents } from '../../../src/cli/jobs/read-server-events.ts'

async function read(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  for await (const event of readServerEvents(bytes())) events.push(event)
  return events
}

const TEXT =
  ': hello\nretry: 2000\n\nid: 1\nevent: log\ndata: {"ü":1}\n\nid: 2\ndata: a\ndata: b\n\r\n: x\n\nevent: lost\ndata: half'

it('reads events however the bytes are cut', async () => {
  const whole = new TextEncoder().encode(TEXT)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: whole.length }), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...[...cuts].sort((a, b) => a - b), whole.length]
      const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end))
      expect(await read(chunks)).toEqual([
        { id: '1', event: 'log', data: '{"ü":1}' },
        { id: '2', event: 'message', data: 'a\nb' }
      ])
    })
  )
})
