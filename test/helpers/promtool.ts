import { spawnSync } from 'node:child_process'

const found = spawnSync('promtool', ['--version']).error === undefined

/** In CI promtool (Debian: prometheus) must be there; elsewhere a test without it is skipped. */
export const hasPromtool = found || process.env['CI'] !== undefined

/** What `promtool ARGS` has to say against something; empty = nothing. */
export function promtool(args: readonly string[], input = ''): string {
  const { stdout, stderr, status, error } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  if (error !== undefined) throw error
  return status === 0 ? '' : `${stdout}${stderr}`
}

/** What `promtool check metrics` has to say; empty = nothing. */
export function checkMetrics(text: string): string {
  return promtool(['check', 'metrics'], text)
}
