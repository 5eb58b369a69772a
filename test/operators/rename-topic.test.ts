import { firstValueFrom, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { Routes } from '../../src/mapping/routes.ts'
import { renameTopic } from '../../src/operators/rename-topic.ts'
import { batchOf } from '../model/batch-of.ts'
import { givesBackOnError, passesEachOn } from './operator-cases.ts'

const routes = new Routes()
routes.set({ source: 'orders', target: 'dr.orders', targetPartitions: 3 })

describe('renameTopic', () => {
  passesEachOn(() => renameTopic(routes))
  givesBackOnError(() => renameTopic(new Routes()), new Error('no route for source topic orders'))

  it('gives the target topic of the route, and leaves the source as it is', async () => {
    const { batch } = batchOf()
    const renamed = await firstValueFrom(of(batch).pipe(renameTopic(routes)))
    expect(renamed).toMatchObject({ targetTopic: 'dr.orders', source: { topic: 'orders', partition: 0 } })
    expect(renamed.payload).toBe(batch.payload)
  })
})
