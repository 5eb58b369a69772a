/** Words of a digest (`Digests.words`). */
export const WORDS = 4

/** Names the digest whose words begin at `at`, in maps and sets. */
export function digestKey(words: Uint32Array, at: number): string {
  const [a = 0, b = 0, c = 0, d = 0] = [words[at], words[at + 1], words[at + 2], words[at + 3]]
  return String.fromCharCode(a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, c & 0xffff, c >>> 16, d & 0xffff, d >>> 16)
}
