import type { Problem } from '../../src/api/contract.ts'

/** A request that was refused or did not arrive; `problem` says it in words. Status 0 = no answer. */
export class RequestFailed extends Error {
  readonly problem: Problem
  /** What was sent back, when it was no problem document. */
  readonly raw: string

  constructor(problem: Problem, raw = '') {
    super(problem.detail)
    this.name = 'RequestFailed'
    this.problem = problem
    this.raw = raw
  }
}
