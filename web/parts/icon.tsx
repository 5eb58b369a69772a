const PATHS = {
  jobs: 'M2 5.5c2 0 2 1.7 4 1.7s2-1.7 4-1.7 2 1.7 4 1.7M2 10c2 0 2 1.7 4 1.7S8 10 10 10s2 1.7 4 1.7',
  connections: 'M6.5 9.5 9.5 6.5M7 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M9 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  alarms: 'M4 11V7.2a4 4 0 0 1 8 0V11l1 1.2H3L4 11Zm2.8 3h2.4',
  audit: 'M4 2.5h8v11H4zM6.3 5.5h3.4M6.3 8h3.4M6.3 10.5h2',
  settings: 'M3 5h6m4 0h0M3 11h2m4 0h4M9 5a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM5 11a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z',
  more: 'M3 8h1M7.5 8h1M12 8h1',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.3 10.3l3.2 3.2',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  up: 'M3 10l5-5 5 5',
  down: 'M3 6l5 5 5-5',
  right: 'M6 3l5 5-5 5',
  play: 'M5 3.2v9.6L12.5 8 5 3.2Z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  stop: 'M4 4h8v8H4z',
  terminal: 'M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10h2.5',
  check: 'M3 8.5 6.5 12 13 4.5',
  warning: 'M8 2.5 14.5 13.5h-13L8 2.5ZM8 6.5v3.2M8 11.6h0',
  edit: 'M3 13l.6-2.8L10.8 3 13 5.2 5.8 12.4 3 13Z',
  download: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10',
  system: 'M2.5 3h11v7.5h-11zM5.5 13.5h5M8 10.5v3',
  light:
    'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  dark: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z'
} as const

export type IconName = keyof typeof PATHS

/** For the eye only: what it says stands beside it, or in the label of its button. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
