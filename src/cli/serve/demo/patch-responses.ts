import { ReadBytes, int16 } from './kafka-bytes.ts'

/*
 * Answers of the embedded cluster, changed so that clients stay with the door in front of it (`admin-door.ts`) and know
 * what that can do. Each begins with the correlation id; flexible versions have tags behind it.
 *
 *     ApiVersions 0–2   error:2 count:4 (key:2 min:2 max:2)…
 *     Metadata          [throttle:4]₃ brokers(id:4 host port:4 [rack]₁)… [cluster]₂ [controller:4]₁ …
 *     FindCoordinator   … port:4, the last field but for the tags
 */

export const API = { metadata: 3, findCoordinator: 10, apiVersions: 18, createTopics: 19, describeConfigs: 32 } as const

const HEADER = 4
/** What the door answers itself, with the versions that it knows. */
const OWN = [
  [API.createTopics, 2, 4],
  [API.describeConfigs, 1, 1]
] as const

/** The cluster knows versions up to 2 only, and answers newer ones with an error in the form of version 0. */
export function addOwnRequests(answer: Buffer): Buffer {
  const count = answer.readInt32BE(HEADER + 2)
  const end = HEADER + 6 + count * 6
  const changed = Buffer.concat([
    answer.subarray(0, end),
    ...OWN.flatMap(([key, min, max]) => [int16(key), int16(min), int16(max)]),
    answer.subarray(end)
  ])
  changed.writeInt32BE(count + OWN.length, HEADER + 2)
  return changed
}

/** Every broker listens at the door, and the first one is the controller: the embedded cluster names one that is not there. */
export function pointMetadata(answer: Buffer, version: number, port: number): Buffer {
  const changed = Buffer.from(answer)
  const isFlexible = version >= 9
  const read = new ReadBytes(changed, HEADER)
  if (isFlexible) read.skipTags()
  if (version >= 3) read.int32()
  let controller: number | undefined
  for (let count = read.length(isFlexible); count > 0; count--) {
    const id = read.int32()
    controller ??= id
    read.string(isFlexible)
    changed.writeInt32BE(port, read.at)
    read.int32()
    if (version >= 1) read.string(isFlexible)
    if (isFlexible) read.skipTags()
  }
  if (version >= 2) read.string(isFlexible)
  if (version >= 1 && controller !== undefined) changed.writeInt32BE(controller, read.at)
  return changed
}

export function pointCoordinator(answer: Buffer, version: number, port: number): Buffer {
  const changed = Buffer.from(answer)
  const at = changed.length - 4 - (version >= 3 ? 1 : 0)
  // An answer without a coordinator has no port.
  if (changed.readInt32BE(at) > 0) changed.writeInt32BE(port, at)
  return changed
}
