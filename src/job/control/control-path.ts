import { join } from 'node:path'
import { MillraceError } from '../../model/millrace-error.ts'

const FILE = 'control.sock'
/** `sockaddr_un.sun_path` without its closing zero. */
const MOST_PATH_BYTES = process.platform === 'linux' ? 107 : 103

/** Where a job with this state directory is controlled. Throws MR_CONTROL_PATH when no socket can have that path. */
export function controlPath(stateDir: string): string {
  const path = join(stateDir, FILE)
  const bytes = Buffer.byteLength(path)
  if (bytes <= MOST_PATH_BYTES) return path
  throw new MillraceError({
    code: 'MR_CONTROL_PATH',
    kind: 'configuration',
    message: `The control socket ${path} would have a path of ${bytes} bytes, and the system takes ${MOST_PATH_BYTES}: the job can't be controlled while it runs.`,
    next: 'Choose a shorter stateDir.',
    place: { option: 'stateDir' }
  })
}
