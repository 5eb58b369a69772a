import { expect, it } from 'vitest'
import { placeWords } from '../../../web/format/place-words.ts'

it('partition 0 and offset 0 are places', () => {
  expect(placeWords({ cluster: 'target', topic: 'a', partition: 0, offset: 0 })).toBe(
    'target, topic a, partition 0, offset 0'
  )
  expect(placeWords(undefined)).toBe('')
})
