import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { fakeContext } from '../fake-context.ts'

let dir: TempDir
beforeAll(async () => {
  dir = await tempDir()
  writeFileSync(join(dir.path, 'job.yaml'), '')
})
afterAll(async () => {
  await dir.remove()
})

async function scriptFor(shell: string): Promise<string> {
  const context = fakeContext()
  expect(await runCommandLine(['completion', shell], context)).toBe(0)
  const path = join(dir.path, `millrace.${shell}`)
  writeFileSync(path, context.stdout.text)
  return path
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

const EXPECTED: [line: string, offered: string[], not?: string][] = [
  ['millrace pl', ['plan']],
  ['millrace jobs ', ['list', 'apply', 'logs', 'status'], 'plan'],
  ['millrace jobs logs --le', ['--level']],
  ['millrace jobs logs --level ', ['warn', 'debug']],
  ['millrace jobs start x --from ', ['earliest', 'time']],
  ['millrace -v jobs logs -f --tail 3 x --search y --l', ['--level']],
  ['millrace control orders-to-dr ', ['status', 'rate', 'pause', 'resume']],
  ['millrace plan jo', ['job.yaml']],
  ['millrace completion ', ['bash', 'zsh', 'fish']],
  ['millrace run job.yaml --se', ['--set']]
]

describe.runIf(has('bash'))('bash', () => {
  it.each(EXPECTED)('%s', async (line = '', offered: string[] = [], not?: string) => {
    const words = line.split(' ')
    const array = words.map((word) => `'${word}'`).join(' ')
    const program = `source "$1"; COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _millrace; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', program, 'bash', await scriptFor('bash')], {
      cwd: dir.path,
      encoding: 'utf8'
    })
    expect(stderr).toBe('')
    const words_ = stdout.trim().split('\n')
    expect(words_).toEqual(expect.arrayContaining(offered))
    if (not !== undefined) expect(words_).not.toContain(not)
  })
})

describe.runIf(has('fish'))('fish', () => {
  it.each(EXPECTED)('%s', async (line = '', offered: string[] = []) => {
    const program = `source ${await scriptFor('fish')}; complete -C '${line}'`
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', program], { cwd: dir.path, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.split('\n').map((word) => word.split('\t')[0])).toEqual(expect.arrayContaining(offered))
  })
})

describe.runIf(has('zsh'))('zsh', () => {
  it('reads the script without a complaint, and knows each command', async () => {
    const program = `autoload -U compinit; compinit -u -D; source "$1"; whence -w _millrace _millrace_jobs_logs; print $_comps[millrace]`
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', program, 'zsh', await scriptFor('zsh')], {
      encoding: 'utf8'
    })
    expect(stderr).toBe('')
    expect(stdout).toBe('_millrace: function\n_millrace_jobs_logs: function\n_millrace\n')
  })
})

it('every command and flag that help shows is in each script', async () => {
  const context = fakeContext()
  await runCommandLine(['jobs', 'logs', '--help'], context)
  const flags = [...context.stdout.text.matchAll(/--[a-z-]+/g)].map(([flag]) => flag)
  expect(flags.length).toBeGreaterThan(8)
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = fakeContext()
    await runCommandLine(['completion', shell], script)
    for (const flag of flags.filter((name) => name !== '--')) expect(script.stdout.text).toContain(flag.slice(2))
  }
})
