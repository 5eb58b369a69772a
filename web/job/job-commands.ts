import { curlCommand, millraceCommand } from '../format/shell.ts'

/** What a tab shows, for a terminal. */
export function jobCommands(name: string, tab: string): readonly string[] {
  const at = `/jobs/${encodeURIComponent(name)}`
  const curl = (path: string) => curlCommand(window.location.origin, 'GET', at + path)
  switch (tab) {
    case 'partitions':
      return [millraceCommand('jobs', 'status', name), curl('/partitions?limit=1000')]
    case 'mapping':
      return [curl('/approved-plan')]
    case 'events':
      return [curl('/events')]
    case 'log':
      return [millraceCommand('jobs', 'logs', name), curl('/logs')]
    case 'not-copied':
      return [curl('/not-copied')]
    case 'configuration':
      return [millraceCommand('jobs', 'get', name, '-o', 'yaml'), curl('/revisions')]
    default:
      return [millraceCommand('jobs', 'status', name), curl('')]
  }
}
