import type { Page } from '../../src/api/contract.ts'
import { useAction } from '../api/use-action.ts'
import { useLoaded } from '../api/use-loaded.ts'

/** The newest page, and older ones as they are asked for. */
export function usePages<Item>(key: string, load: (cursor?: string) => Promise<Page<Item>>) {
  const loaded = useLoaded(key, () => load())
  const older = useAction(async () => {
    const cursor = loaded.value?.nextCursor
    if (typeof cursor !== 'string') return
    const page = await load(cursor)
    // Loaded anew meanwhile, the list ends elsewhere: then there would be a hole.
    loaded.change((now) => (now.nextCursor === cursor ? { ...page, items: [...now.items, ...page.items] } : now))
  })
  return { loaded, older }
}
