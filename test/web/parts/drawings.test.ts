import { describe, expect, it } from 'vitest'
import { axisLabels, axisTimes, binaryIncrements } from '../../../web/parts/chart/axis-values.ts'
import { nearestMarker } from '../../../web/parts/chart/nearest-marker.ts'
import { readDiff } from '../../../web/parts/read-diff.ts'
import { sparklinePath } from '../../../web/parts/sparkline-path.ts'

describe('sparklinePath', () => {
  it('a gap is a gap', () => {
    expect(sparklinePath([1, 2, null, 2], 30, 10).line).toBe('M0 5L10 0M30 0h1')
  })

  it('nothing measured draws nothing; only zeros draw the ground line', () => {
    expect(sparklinePath([null, null], 30, 10)).toEqual({ line: '', area: '' })
    expect(sparklinePath([], 30, 10)).toEqual({ line: '', area: '' })
    expect(sparklinePath([0, 0], 30, 10).line).toBe('M0 10L30 10')
  })
})

describe('axes', () => {
  it('seconds only when they are steps, the date at midnight', () => {
    const midnight = new Date(2026, 2, 5).getTime() / 1000
    expect(axisTimes([midnight, midnight + 3600], 3600)).toEqual(['03-05', '01:00'])
    expect(axisTimes([midnight + 5], 5)).toEqual(['00:00:05'])
  })

  it('no two equal labels in a row', () => {
    expect(axisLabels([0, 0.5, 1], (value) => String(Math.round(value)))).toEqual(['0', '1', ''])
  })

  it('steps of bytes grow', () => {
    const steps = binaryIncrements()
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })
})

it('the marker at the cursor is the nearest one, if any is near', () => {
  const marker = (at: number) => ({ at, kind: 'restart' as const, text: String(at) })
  expect(nearestMarker([marker(100), marker(105)], 104, [0, 1000])?.at).toBe(105)
  expect(nearestMarker([marker(100)], 200, [0, 1000])).toBeUndefined()
})

it('differences: a line that begins with dashes is still a line', () => {
  const diff = [
    '--- 1',
    '+++ 2',
    '@@ -1,2 +1,2 @@',
    ' a: 1',
    '-b: 2',
    '+b: 3',
    '\\ No newline at end of file',
    ''
  ].join('\n')
  expect(readDiff(diff).map(({ kind }) => kind)).toEqual(['hunk', 'same', 'removed', 'added'])
  expect(readDiff('')).toEqual([])
})
