/* Writes docs/reliability.md from the stored results of the fault suite: npx tsx scripts/generate-reliability.ts */
import { writeFileSync } from 'node:fs'
import { storedResults } from '../test/integration/faults/fault-results.ts'
import { reliabilityPage } from '../test/integration/faults/reliability-page.ts'

writeFileSync(new URL('../docs/reliability.md', import.meta.url), reliabilityPage(await storedResults()))
