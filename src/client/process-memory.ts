import { loadAddon } from './load-addon.ts'
import type { ProcessMemory } from './types.ts'

export function processMemory(mmapThresholdBytes: number): ProcessMemory {
  const { addon } = loadAddon()
  return {
    keepFreed(bytes) {
      // Both: malloc gives the second a value of its own choice when the first is set.
      addon.tuneMalloc(mmapThresholdBytes, bytes)
    },
    async giveBack() {
      await new Promise<void>((resolve) => {
        addon.trimMalloc(() => resolve())
      })
    }
  }
}
