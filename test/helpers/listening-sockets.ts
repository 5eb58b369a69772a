import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const LISTEN = '0A'

/** How many TCP sockets of this process listen (Linux). */
export function listeningSockets(pid: number): number {
  const inodes = new Set<string>()
  for (const table of ['tcp', 'tcp6']) {
    for (const line of readFileSync(`/proc/${pid}/net/${table}`, 'latin1').split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/)
      if (columns[3] === LISTEN) inodes.add(columns[9] ?? '')
    }
  }
  const held = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      // Closed meanwhile.
      return ''
    }
  })
  return held.filter((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '')).length
}
