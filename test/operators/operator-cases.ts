import { map } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { expect, it } from 'vitest'
import type { Batch } from '../../src/model/batch.ts'
import { batchOf } from '../model/batch-of.ts'

export function marbles(run: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run)
}

/**
 * What holds of each operator whatever it does to a batch: as many come out as go in, at the same time, in order, and
 * the stream ends in the same way.
 */
export function passesEachOn(operator: () => MonoTypeOperatorFunction<Batch>): void {
  const given = () => {
    const batchFrom = (from: number): Batch => batchOf({ from, to: from + 10 }).batch
    return { a: batchFrom(0), b: batchFrom(10), c: batchFrom(20), d: batchFrom(30) }
  }
  const begins = { a: 0, b: 10, c: 20, d: 30 }

  it.each([
    ['empty', '|'],
    ['one', '-a|'],
    ['many', '-a-(bc)-d|'],
    ['an error after some', '-a-b-#'],
    ['an error at once', '#'],
    ['never', '-'],
    ['never after some', '-a-']
  ])('%s', (_, stream) => {
    marbles(({ cold, expectObservable }) => {
      const passed = cold(stream, given()).pipe(
        operator(),
        map(({ from }) => from)
      )
      expectObservable(passed).toBe(stream, begins)
    })
  })

  it('early unsubscribe reaches the source', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c|', given())
      const passed = source.pipe(
        operator(),
        map(({ from }) => from)
      )
      expectObservable(passed, '^---!').toBe('-a-b-', begins)
      expectSubscriptions(source.subscriptions).toBe('^---!')
    })
  })
}

/** A batch for which `operator` throws: the stream errors with it, and its records are given back. */
export function givesBackOnError(operator: () => MonoTypeOperatorFunction<Batch>, error: unknown): void {
  it('gives back the records of a batch for which it throws', () => {
    const { batch, held, settled } = batchOf()
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-b|', { a: batch, b: batchOf().batch }).pipe(operator())).toBe('-#', {}, error)
    })
    expect(held.records).toBe(0)
    expect(settled).toEqual([undefined])
  })
}
