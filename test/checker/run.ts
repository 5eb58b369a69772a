import { spawnSync } from 'node:child_process'
import { checkerProgram, ensureChecker } from '../helpers/ensure-checker.ts'

// npx tsx test/checker/run.ts admin|write|compare < request.json

const PROGRAMS = ['admin', 'write', 'compare'] as const
const program = PROGRAMS.find((name) => name === process.argv[2])
if (!program) {
  console.error(`usage: npx tsx test/checker/run.ts ${PROGRAMS.join('|')} < request.json`)
  process.exit(2)
}
const { status } = spawnSync(await ensureChecker(), [checkerProgram(program)], { stdio: 'inherit' })
process.exitCode = status ?? 1
