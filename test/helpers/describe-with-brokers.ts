import { describe } from 'vitest'
import { brokersAvailable } from '../kafka/brokers-available.ts'

const brokers = await brokersAvailable()

/** `describe` for tests on real brokers: skipped, with the reason in its name, where brokers can't run; an error there in CI. */
export function describeWithBrokers(name: string, tests: () => void): void {
  if (brokers.available) describe(name, tests)
  else describe.skip(`${name} (${brokers.reason})`, tests)
}
