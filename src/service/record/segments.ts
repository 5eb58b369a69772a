import { closeSync, fstatSync, openSync } from 'node:fs'

/** A file of lines, open for reading. */
export interface Segment {
  readonly fd: number
  readonly inode: number
  /** When it was opened: what is written later is not read. */
  readonly size: number
}

/**
 * A file and those that it was rotated to (`path.1` …), the newest first; each once, although another process may rotate
 * them in between. Opened in one go, so no rotation of this process comes in between. To be closed.
 */
export function openSegments(path: string): readonly Segment[] {
  const segments: Segment[] = []
  try {
    for (let n = 0; ; n++) {
      const fd = openIfThere(n === 0 ? path : `${path}.${n}`)
      if (fd === undefined) {
        // Without the first file there may be others: something was killed while it rotated.
        if (n === 0) continue
        return segments
      }
      const { ino: inode, size } = fstatSync(fd)
      if (segments.some((segment) => segment.inode === inode)) closeSync(fd)
      else segments.push({ fd, inode, size })
    }
  } catch (error) {
    closeSegments(segments)
    throw error
  }
}

export function closeSegments(segments: readonly Segment[]): void {
  for (const { fd } of segments) closeSync(fd)
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
