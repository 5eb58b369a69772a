import { tooLarge, wrongMediaType, wrongRequest } from './api-errors.ts'

/** The JSON of a request, read no further than `limit` bytes; undefined when there is no body. */
export async function readBody(request: Request, limit: number): Promise<unknown> {
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return undefined
  const type = request.headers.get('content-type')
  // A form of a foreign page can't send this type, so this is also a part of the defence against such pages.
  if (type === null || !/^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)) throw wrongMediaType(type)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wrongRequest([{ where: '', option: '', message: 'is not UTF-8' }])
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw wrongRequest([{ where: '', option: '', message: `is not JSON: ${(error as Error).message}` }])
  }
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
