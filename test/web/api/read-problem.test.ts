import { expect, it } from 'vitest'
import { noAnswer, readProblem } from '../../../web/api/read-problem.ts'

it('a problem document says itself what is wrong', () => {
  const body = JSON.stringify({ code: 'MR_SERVICE_CONFLICT', detail: 'It runs.', next: 'Stop it.', status: 409 })
  expect(readProblem(409, 'application/problem+json', body).problem).toMatchObject({
    code: 'MR_SERVICE_CONFLICT',
    detail: 'It runs.',
    next: 'Stop it.'
  })
})

it.each([
  ['text/html', '<html>Bad Gateway'],
  ['application/json', '{"error":"x"}'],
  ['application/json', 'null'],
  ['application/problem+json', '{']
])('what a proxy sends as %s is kept raw', (type, body) => {
  const { problem, raw } = readProblem(502, type, body)
  expect(problem).toMatchObject({ status: 502, code: '' })
  expect(problem.detail).toContain('502')
  expect(raw).toBe(body)
})

it('no answer at all has status 0 and a next step', () => {
  const { problem } = noAnswer(new TypeError('Failed to fetch'))
  expect(problem.status).toBe(0)
  expect(problem.next).not.toBeNull()
})
