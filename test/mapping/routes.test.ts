import { expect, it } from 'vitest'
import { Routes } from '../../src/mapping/routes.ts'

it('keeps the larger partition count when an older view of the target comes late', () => {
  const routes = new Routes()
  routes.set({ source: 'a', target: 'b', targetPartitions: 4 })
  routes.set({ source: 'a', target: 'b', targetPartitions: 2 })
  expect(routes.of('a').targetPartitions).toBe(4)
})

it('does not answer for a topic that has no route', () => {
  expect(() => new Routes().of('a')).toThrow('no route for source topic a')
})
