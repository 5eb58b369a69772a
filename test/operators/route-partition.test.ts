import { of, toArray, firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { routePartition } from '../../src/operators/route-partition.ts'
import { batchOf } from '../model/batch-of.ts'
import { givesBackOnError, passesEachOn } from './operator-cases.ts'

const failure = new Error('no such partition')

describe('routePartition', () => {
  passesEachOn(() => routePartition(() => 0))
  givesBackOnError(
    () =>
      routePartition(() => {
        throw failure
      }),
    failure
  )

  it('asks once for each batch, also one without records', async () => {
    let next = 0
    const batches = [batchOf().batch, batchOf({ offsets: [] }).batch]
    const routed = await firstValueFrom(
      of(...batches).pipe(
        routePartition(() => next++),
        toArray()
      )
    )
    expect(routed.map(({ targetPartition }) => targetPartition)).toEqual([0, 1])
  })
})
