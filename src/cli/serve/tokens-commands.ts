import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Role } from '../../api/contract.ts'
import { TokenStore, fingerprintOf } from '../../api/security/token-store.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { type CommandContext, type CommonFlags, hasColor } from '../command-context.ts'
import { EXIT } from '../exit-code.ts'
import { renderTable } from '../render-table.ts'
import { type OutputFormat, writeDocument } from '../write-document.ts'
import { DEFAULT_DATA_DIR } from './service-files.ts'

export interface TokensFlags extends CommonFlags {
  readonly output: OutputFormat
  readonly dataDir?: string
  readonly role?: Role
}

export async function listTokens(_: string, flags: TokensFlags, context: CommandContext): Promise<number> {
  const tokens = open(flags, context)
    .list()
    .map((token) => ({
      name: token.name,
      role: token.role,
      fingerprint: fingerprintOf(token),
      createdAt: new Date(token.createdAt).toISOString()
    }))
  const columns = [{ title: 'name' }, { title: 'role' }, { title: 'fingerprint' }, { title: 'made' }]
  const rows = tokens.map(({ name, role, fingerprint, createdAt }) => [name, role, fingerprint, createdAt])
  if (flags.output !== 'table') writeDocument(context.stdout, tokens, flags.output)
  else {
    const lines = renderTable(columns, rows, hasColor(context.stdout, flags, context.env))
    context.stdout.write(`${lines.length === 0 ? 'There is no token.' : lines.join('\n')}\n`)
  }
  return EXIT.done
}

/** The token on stdout, so that it can go into a file; what to do with it on stderr. */
export async function addToken(name: string, flags: TokensFlags, context: CommandContext): Promise<number> {
  const { role = 'read' } = flags
  const token = open(flags, context).add(name, role)
  if (flags.output === 'table') context.stdout.write(`${token}\n`)
  else writeDocument(context.stdout, { name, role, token }, flags.output)
  context.stderr.write(`Token ${name} may ${role}. It is kept nowhere: put it into a file of its user (mode 0600).\n`)
  return EXIT.done
}

export async function revokeToken(name: string, flags: TokensFlags, context: CommandContext): Promise<number> {
  open(flags, context).revoke(name)
  if (flags.output === 'table') context.stdout.write(`Token ${name} is revoked.\n`)
  else writeDocument(context.stdout, { name, revoked: true }, flags.output)
  return EXIT.done
}

function open({ dataDir = DEFAULT_DATA_DIR }: TokensFlags, { cwd }: CommandContext): TokenStore {
  const path = resolve(cwd, dataDir)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new MillraceError({
      code: 'MR_TOKEN_REFUSED',
      kind: 'configuration',
      message: `${path} is no data directory of a service.`,
      next: 'Name it with --data-dir; `millrace serve` makes it at its first start.',
      place: { file: path }
    })
  }
  return new TokenStore(path)
}
