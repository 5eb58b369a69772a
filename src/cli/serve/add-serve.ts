import type { Command } from 'commander'
import { type CommandLine, act } from '../command-act.ts'
import { collect, withCommon } from '../command-flags.ts'
import { exitCodeOfError } from '../exit-code.ts'
import { DEFAULT_DATA_DIR, DEFAULT_LISTEN } from './service-files.ts'

/** `millrace serve`: many jobs, by REST and in a browser. */
export function addServe(top: Command, line: CommandLine): void {
  withCommon(top.command('serve'), 'table')
    .summary('the job service: many jobs, a console in the browser, REST')
    .description(
      'Keeps and runs jobs until it is stopped. Ctrl-C drains them; the next start goes on with them. The second one ' +
        'leaves at once.'
    )
    .option('--data-dir <dir>', 'where it keeps everything', DEFAULT_DATA_DIR)
    .option('--listen <host:port>', 'where it listens; port 0 = any free one', DEFAULT_LISTEN)
    .option('--tls-cert <file>', 'PEM of the certificate, with those that signed it')
    .option('--tls-key <file>', 'PEM of its key')
    .option('--insecure-listen', 'listen on more than this machine without TLS: tokens can be read on the way', false)
    .option('--host-name <name>', 'a name by which browsers know it; repeatable', collect, [])
    .option('--demo', 'with two clusters inside, a load and a sample job', false)
    .addHelpText('after', EXAMPLES)
    .action(
      act(line, exitCodeOfError, async (flags) => {
        const [{ serveCommand }, { openService }] = await Promise.all([
          import('./serve-command.ts'),
          import('./open-service.ts')
        ])
        return await serveCommand(flags as never, line.context, openService)
      })
    )
}

const EXAMPLES = `
Examples:
  millrace serve                                 on http://${DEFAULT_LISTEN}, for this machine
  millrace serve --demo                          with something to click
  millrace serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --host-name mirror.example
  millrace tokens add deploy --role operate      a token for a program
`
