import { expect, it } from 'vitest'
import { toCsv } from '../../../web/format/csv.ts'

it('quotes what would break a row', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,y', 'say "hi"'],
        ['line\nbreak', null],
        [1.5, true]
      ]
    )
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"line\nbreak",\r\n1.5,true\r\n')
})

it('a topic named like a formula stays a text, a negative number a number', () => {
  expect(toCsv(['a'], [['=HYPERLINK("x")'], ['@sum'], [-5]])).toBe('a\r\n"\'=HYPERLINK(""x"")"\r\n\'@sum\r\n-5\r\n')
})
