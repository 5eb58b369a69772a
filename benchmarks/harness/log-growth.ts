import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Bytes of a topic in a broker's log directory. It grows with what the broker has appended, and looking at it costs the
 * broker nothing: the same measure of progress for every mirror.
 */
export function topicLogBytes(logDirectory: string, topic: string, partitions: number): number {
  let bytes = 0
  for (let partition = 0; partition < partitions; partition++) {
    const directory = join(logDirectory, `${topic}-${partition}`)
    for (const name of namesIn(directory)) {
      if (name.endsWith('.log')) bytes += statSync(join(directory, name)).size
    }
  }
  return bytes
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
