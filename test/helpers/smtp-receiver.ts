import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Header and body as they came. */
  readonly text: string
}

export interface SmtpReceiver {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** Every command that came, of all connections. */
  readonly commands: readonly string[]
  /** Answers a command that begins so with this line from now on; undefined = as a mail server that takes all. */
  answer(command: string, line: string | undefined): void
  close(): Promise<void>
}

/** A mail server on loopback that takes everything, and knows AUTH PLAIN (RFC 5321, RFC 4954). */
export async function startSmtpReceiver(): Promise<SmtpReceiver> {
  const mails: ReceivedMail[] = []
  const commands: string[] = []
  const answers = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    let [from, to, rest, isData] = ['', [] as string[], '', false]
    const command = (line: string): void => {
      commands.push(line)
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? ''
      const other = [...answers].find(([begin]) => line.toUpperCase().startsWith(begin))
      if (other !== undefined) return say(other[1])
      switch (verb) {
        case 'EHLO':
          return say('250-test\r\n250 AUTH PLAIN')
        case 'AUTH':
          return say('235 welcome')
        case 'MAIL':
          ;[from, to] = [addressOf(line), []]
          return say('250 ok')
        case 'RCPT':
          to.push(addressOf(line))
          return say('250 ok')
        case 'DATA':
          isData = true
          return say('354 go on')
        case 'STARTTLS':
          return say('502 not here')
        case 'QUIT':
          say('221 bye')
          return void socket.end()
        default:
          return say('250 ok')
      }
    }
    socket.on('data', (bytes: Buffer) => {
      rest += bytes.toString()
      for (;;) {
        const end = rest.indexOf(isData ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const text = rest.slice(0, end)
        rest = rest.slice(end + (isData ? 5 : 2))
        if (isData) {
          isData = false
          mails.push({ from, to, text })
          say('250 taken')
        } else command(text)
      }
    })
    say('220 test')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    commands,
    answer: (begin, line) => void (line === undefined ? answers.delete(begin) : answers.set(begin, line)),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

function addressOf(line: string): string {
  return /<(.*?)>/.exec(line)?.[1] ?? ''
}
