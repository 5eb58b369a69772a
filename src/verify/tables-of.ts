import { DigestTable } from './digest-table.ts'

type Add = (...digest: Parameters<DigestTable['add']>) => void

/**
 * Counts digests in tables of at most `room` different ones. All are shown anew for each table: `showAll` calls `add` for
 * every digest. What is too much for one table is halved by the next bit of the digests' third word, until it fits. Each
 * digest is in exactly one of the tables.
 */
export async function* tablesOf(
  room: number,
  showAll: (add: Add) => Promise<void>,
  bits = 0,
  wanted = 0
): AsyncGenerator<DigestTable, void, undefined> {
  const table = new DigestTable(room)
  let isFull = false
  await showAll((heap, words, at, range, offset) => {
    if (isFull || (words[at + 2] ?? 0) % 2 ** bits !== wanted) return
    isFull = !table.add(heap, words, at, range, offset)
  })
  if (!isFull) {
    yield table
    return
  }
  if (bits === 32) throw new Error(`more than ${room} digests have the same third word`)
  yield* tablesOf(room, showAll, bits + 1, wanted)
  yield* tablesOf(room, showAll, bits + 1, wanted + 2 ** bits)
}
