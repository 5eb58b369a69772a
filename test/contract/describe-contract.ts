import { afterAll, beforeAll, describe } from 'vitest'
import type { ContractCluster, ContractImplementation } from './contract-cluster.ts'
import { CONTRACT_IMPLEMENTATIONS } from './contract-implementations.ts'

export interface ContractContext {
  readonly implementation: ContractImplementation
  /** There while a test runs. */
  cluster(): ContractCluster
  /** A name that no other test uses. */
  name(prefix: string): string
}

let names = 0

/** Runs the same tests on every implementation of the ports. */
export function describeContract(port: string, tests: (context: ContractContext) => void): void {
  for (const implementation of CONTRACT_IMPLEMENTATIONS) {
    const title = `${port}, ${implementation.name}`
    if (implementation.unavailable !== undefined) {
      describe.skip(`${title} (${implementation.unavailable})`, () => tests(contextOf(implementation, () => undefined)))
      continue
    }
    describe(title, () => {
      let started: ContractCluster | undefined
      beforeAll(async () => {
        started = await implementation.start()
      })
      afterAll(async () => started?.stop())
      tests(contextOf(implementation, () => started))
    })
  }
}

function contextOf(
  implementation: ContractImplementation,
  started: () => ContractCluster | undefined
): ContractContext {
  return {
    implementation,
    cluster() {
      const cluster = started()
      if (cluster === undefined) throw new Error('the cluster runs only while tests do')
      return cluster
    },
    name: (prefix) => `${prefix}-${++names}`
  }
}
