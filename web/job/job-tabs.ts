export const JOB_TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'partitions', label: 'Partitions' },
  { id: 'mapping', label: 'Mapping' },
  { id: 'events', label: 'Events' },
  { id: 'log', label: 'Log' },
  { id: 'not-copied', label: 'Not copied' },
  { id: 'configuration', label: 'Configuration' }
] as const
