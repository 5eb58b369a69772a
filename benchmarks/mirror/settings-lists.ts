import type { SettingsList } from '../harness/suite-results.ts'
import type { MirrorDetails } from './mirror-details.ts'

/** What each peer was told: once where it was the same on all shapes, otherwise with the shapes. */
export function settingsLists({ peers }: MirrorDetails): readonly SettingsList[] {
  return peers
    .filter(({ missing }) => missing === undefined)
    .map(({ name, settings }) => {
      const shapes = Object.entries(settings)
      const names = new Set(shapes.flatMap(([, values]) => Object.keys(values)))
      const lines = [...names].flatMap((setting) => {
        const values = new Set(shapes.map(([, told]) => String(told[setting])))
        return [...values].map((value) => {
          const on = shapes.filter(([, told]) => String(told[setting]) === value).map(([shape]) => shape)
          return values.size === 1 ? `${setting}=${value}` : `${setting}=${value} (${on.join(', ')})`
        })
      })
      return { name, lines }
    })
}
