/*
 * A test runner as small as can be, so that the tests run as they are under valgrind. Each file is a process of its
 * own and ends with the line that run.mjs adds up.
 */

/** @type {{ name: string, body: () => unknown, skip: boolean }[]} */
const tests = []

const slowness = Number(process.env['MILLRACE_TEST_SLOWNESS'] ?? 1)
const timeoutMs = 60_000 * slowness

/** @param {string} name @param {() => unknown} body @param {{ skip?: boolean }} [options] */
export function test(name, body, { skip = false } = {}) {
  tests.push({ name, body, skip })
  if (tests.length === 1) setImmediate(() => void run())
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until `condition` holds. @param {() => unknown} condition @param {string} what */
export async function until(condition, what, limitMs = 30_000) {
  const deadline = Date.now() + limitMs * slowness
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`)
    await sleep(10)
  }
}

/** @param {() => unknown} body */
async function limited(body) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No end within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([body(), late])
  } finally {
    clearTimeout(timer)
  }
}

async function run() {
  const only = process.argv[2]
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, body, skip } of tests) {
    if (skip || (only !== undefined && !name.includes(only))) {
      if (skip) console.log(`skipped ${name}`)
      counts.skipped++
      continue
    }
    const start = Date.now()
    try {
      await limited(body)
      counts.passed++
      console.log(`ok      ${name} (${Date.now() - start} ms)`)
    } catch (error) {
      counts.failed++
      console.log(`FAILED  ${name}\n${error instanceof Error ? error.stack : error}`)
    }
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exit(counts.failed === 0 ? 0 : 1)
}
