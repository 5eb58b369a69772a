import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { runSuccessfully } from '../../test/helpers/run-command.ts'

const require = createRequire(import.meta.url)
const rdkafka = dirname(require.resolve('node-rdkafka/package.json'))

/** Compiles a C program against the librdkafka that node-rdkafka and millrace run on: one library for all who compete. */
export async function buildProgram(source: string, program: string): Promise<void> {
  const libraries = join(rdkafka, 'build', 'deps')
  await runSuccessfully('cc', [
    '-O2',
    '-o',
    program,
    source,
    `-I${join(rdkafka, 'deps', 'librdkafka', 'src')}`,
    join(libraries, 'librdkafka.so.1'),
    `-Wl,-rpath,${libraries}`
  ])
}
