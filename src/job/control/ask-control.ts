import type { Socket } from 'node:net'
import { MillraceError } from '../../model/millrace-error.ts'
import { controlPath } from './control-path.ts'
import {
  parseReply,
  writeRequest,
  type ControlAnswers,
  type ControlReply,
  type ControlRequest
} from './control-protocol.ts'
import { dialControl } from './dial-control.ts'
import { errorOf } from '../error-report.ts'

const TIMEOUT_MS = 10_000
/** Some hundred bytes a partition. */
const MOST_REPLY_BYTES = 64 * 1024 * 1024

/**
 * Asks the job that runs with this state directory. Rejects with what the job says against it, with
 * MR_CONTROL_NOT_RUNNING when there is none, and with MR_CONTROL_NO_ANSWER when it does not answer.
 */
export async function askControl<R extends ControlRequest>(
  stateDir: string,
  request: R,
  timeoutMs: number = TIMEOUT_MS
): Promise<ControlAnswers[R['op']]> {
  const path = controlPath(stateDir)
  const connection = await dialControl(path).catch((error: unknown) => {
    throw notReached(stateDir, error)
  })
  try {
    connection.write(writeRequest(request))
    const reply = await readReply(connection, stateDir, timeoutMs)
    if ('error' in reply) throw errorOf(reply.error)
    return reply.ok as ControlAnswers[R['op']]
  } finally {
    connection.destroy()
  }
}

async function readReply(connection: Socket, stateDir: string, timeoutMs: number): Promise<ControlReply> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => give(noAnswer(stateDir, `nothing came in ${timeoutMs / 1000} s`)), timeoutMs)
    const give = (end: ControlReply | MillraceError): void => {
      clearTimeout(timer)
      connection.removeAllListeners('data')
      if (end instanceof MillraceError) reject(end)
      else resolve(end)
    }
    connection.on('error', (error) => give(noAnswer(stateDir, error.message)))
    connection.on('close', () => give(noAnswer(stateDir, 'the connection was closed')))
    connection.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MOST_REPLY_BYTES) return give(noAnswer(stateDir, 'the answer is endless'))
      if (!chunk.includes(0x0a)) return
      const [line = ''] = Buffer.concat(chunks).toString('utf8').split('\n', 1)
      give(parseReply(line) ?? noAnswer(stateDir, 'the answer is not of this version'))
    })
  })
}

function notReached(stateDir: string, cause: unknown): MillraceError {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') {
    return new MillraceError({
      code: 'MR_CONTROL_DENIED',
      kind: 'authorisation',
      message: `The control socket in ${stateDir} belongs to another user.`,
      next: 'Ask as the user that the job runs as.',
      place: { option: 'stateDir' },
      cause
    })
  }
  return new MillraceError({
    code: 'MR_CONTROL_NOT_RUNNING',
    kind: 'retry',
    message: `No job runs with the state directory ${stateDir} on this machine.`,
    next: 'Start it with `millrace run`, or say with --state-dir where its state is.',
    place: { option: 'stateDir' },
    cause
  })
}

function noAnswer(stateDir: string, why: string): MillraceError {
  return new MillraceError({
    code: 'MR_CONTROL_NO_ANSWER',
    kind: 'retry',
    message: `The job with the state directory ${stateDir} does not answer: ${why}.`,
    next: 'See whether its process is stopped or very busy, and whether it has the same version.',
    place: { option: 'stateDir' }
  })
}
