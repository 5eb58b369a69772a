import { expect, test } from 'vitest'
import type { MirrorDetails } from '../../benchmarks/mirror/mirror-details.ts'
import { settingsLists } from '../../benchmarks/mirror/settings-lists.ts'

test('a setting is told once, and with its shapes where it differs; who did not run was told nothing', () => {
  const settings = { a: { acks: 'all', tasks: 1 }, b: { acks: 'all', tasks: 2 }, c: { acks: 'all', tasks: 2 } }
  const peers = [
    { name: 'ran', title: '', settings },
    { name: 'absent', title: '', missing: 'no', settings }
  ]
  expect(settingsLists({ peers } as unknown as MirrorDetails)).toEqual([
    { name: 'ran', lines: ['acks=all', 'tasks=1 (a)', 'tasks=2 (b, c)'] }
  ])
})
