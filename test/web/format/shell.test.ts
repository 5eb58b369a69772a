import { expect, it } from 'vitest'
import { curlCommand, millraceCommand, shellWord } from '../../../web/format/shell.ts'

it('what a shell would take apart is quoted', () => {
  expect(shellWord('orders-to-dr')).toBe('orders-to-dr')
  expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`)
  expect(millraceCommand('jobs', 'get', 'a b')).toBe("millrace jobs get 'a b'")
})

it('a request never has the token itself', () => {
  expect(curlCommand('http://127.0.0.1:8321', 'POST', '/jobs/a/stop', { now: true })).toBe(
    `curl -sS -X POST -H "Authorization: Bearer $MILLRACE_TOKEN" -H 'Content-Type: application/json' -d '{"now":true}' http://127.0.0.1:8321/api/v1/jobs/a/stop`
  )
})
