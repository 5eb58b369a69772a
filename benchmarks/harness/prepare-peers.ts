import type { Peer } from '../peers/peer.ts'
import type { NotRun } from './suite-results.ts'

export interface PreparedPeers {
  readonly present: readonly Peer[]
  readonly notRun: readonly NotRun[]
  readonly versions: Readonly<Record<string, string>>
}

/** Builds and fetches what peers need. One that can't be had is no reason to do without the others. */
export async function preparePeers(
  peers: readonly Peer[],
  directory: string,
  log: (line: string) => void
): Promise<PreparedPeers> {
  const present: Peer[] = []
  const notRun: NotRun[] = []
  const versions: Record<string, string> = {}
  for (const peer of peers) {
    try {
      const why = await peer.missing()
      if (why === undefined) {
        Object.assign(versions, await peer.prepare(directory))
        present.push(peer)
      } else {
        notRun.push({ name: peer.name, why })
      }
    } catch (error) {
      const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
      notRun.push({ name: peer.name, why })
    }
  }
  for (const { name, why } of notRun) log(`${name}: not run, ${why}`)
  return { present, notRun, versions }
}
