import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FAULTS } from './integration/faults/fault-catalogue.ts'
import { storedResults, type FaultResult } from './integration/faults/fault-results.ts'
import { reliabilityPage } from './integration/faults/reliability-page.ts'

const stored = await storedResults()
const page = new URL('../docs/reliability.md', import.meta.url)

const some: FaultResult = {
  id: 'P1',
  name: 'some',
  date: '2026-01-02',
  records: 10,
  lost: 0,
  duplicate: 3,
  reordered: 0,
  phantom: 0,
  altered: 0,
  earlyCheckpoints: 0
}

describe('docs/reliability.md', () => {
  it('is what the stored results make (npx tsx scripts/generate-reliability.ts)', () => {
    expect(readFileSync(page, 'utf8')).toBe(reliabilityPage(stored))
  })

  it('shows no case in which something was lost', () => {
    for (const { name, lost, reordered, phantom, altered, earlyCheckpoints } of stored) {
      expect({ lost, reordered, phantom, altered, earlyCheckpoints }, name).toEqual({
        lost: 0,
        reordered: 0,
        phantom: 0,
        altered: 0,
        earlyCheckpoints: 0
      })
    }
  })

  it('has a row for every result and leaves out what was not measured', () => {
    const rows = reliabilityPage([some, { ...some, id: 'N1', recoverySeconds: 2, peakMib: 70 }]).split('\n')
    expect(rows).toContain(`| P1 | ${FAULTS.P1.fault} (\`some\`) | 10 | 0 | 3 | 0 | 0 | 0 | 0 |  |  |`)
    expect(rows).toContain(`| N1 | ${FAULTS.N1.fault} (\`some\`) | 10 | 0 | 3 | 0 | 0 | 0 | 0 | 2.0 s | 70 MiB |`)
  })
})
