import { writeFileSync } from 'node:fs'

/** A vitest reporter that leaves the counts of a run in the file that MILLRACE_TEST_COUNTS names, for scripts/test.mjs to add up. */
export default class CountReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const file = process.env.MILLRACE_TEST_COUNTS
    if (!file) return
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const testModule of testModules) {
      let failures = 0
      for (const test of testModule.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'skipped') counts.skipped++
        else failures++
      }
      // A file that can't be loaded, or whose hooks fail, may hold no failed test, and still nothing in it was shown.
      if (failures === 0 && !testModule.ok()) failures = 1
      counts.failed += failures
    }
    counts.failed += unhandledErrors.length
    writeFileSync(file, JSON.stringify(counts))
  }
}
