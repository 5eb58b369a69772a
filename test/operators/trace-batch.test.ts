import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { traceBatch } from '../../src/operators/trace-batch.ts'
import type { Batch } from '../../src/model/batch.ts'
import { batchOf } from '../model/batch-of.ts'
import { givesBackOnError, passesEachOn } from './operator-cases.ts'

const failure = new Error('the hook is broken')

describe('traceBatch with a hook', () => {
  passesEachOn(() => traceBatch(() => undefined))
  givesBackOnError(
    () =>
      traceBatch(() => {
        throw failure
      }),
    failure
  )

  it('shows each batch once, before it goes on', () => {
    const { batch } = batchOf()
    const seen: [string, Batch][] = []
    of(batch)
      .pipe(traceBatch((one) => seen.push(['hook', one])))
      .subscribe((one) => seen.push(['out', one]))
    expect(seen).toEqual([
      ['hook', batch],
      ['out', batch]
    ])
  })
})

describe('traceBatch without a hook', () => {
  passesEachOn(() => traceBatch(undefined))

  it('is not there at all', () => {
    const batches = of(batchOf().batch)
    expect(traceBatch(undefined)(batches)).toBe(batches)
  })
})
