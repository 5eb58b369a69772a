export const STEPS = [
  { id: 'connections', title: 'Connections' },
  { id: 'topics', title: 'Topics' },
  { id: 'target', title: 'Target' },
  { id: 'mapping', title: 'Mapping' },
  { id: 'task', title: 'Task' },
  { id: 'review', title: 'Review' }
] as const

export type StepId = (typeof STEPS)[number]['id']

export function asStep(text: string | undefined): StepId {
  return STEPS.find(({ id }) => id === text)?.id ?? 'connections'
}

/** The address of a step; a job that is not stored yet has no name to stand in it. */
export function stepAddress(job: string | undefined, step: StepId): string {
  return job === undefined ? '/new-job' : `/edit-job/${encodeURIComponent(job)}/${step}`
}

export function stepAfter(step: StepId): StepId | undefined {
  return STEPS[STEPS.findIndex(({ id }) => id === step) + 1]?.id
}

export function stepBefore(step: StepId): StepId | undefined {
  return STEPS[STEPS.findIndex(({ id }) => id === step) - 1]?.id
}

const OPTIONS: readonly (readonly [string, StepId])[] = [
  ['name', 'connections'],
  ['source.properties', 'task'],
  ['target.properties', 'task'],
  ['target.accept', 'task'],
  ['source', 'connections'],
  ['target', 'connections'],
  ['topics.include', 'topics'],
  ['topics.exclude', 'topics'],
  ['topics.overrides', 'mapping'],
  ['topics.targetName', 'target'],
  ['topics.create', 'target'],
  ['topics', 'task'],
  ['partitions', 'target']
]

/** Where an option is set, such as `topics.include`. What no step shows is among the task's custom options. */
export function stepOf(option: string): StepId {
  const known = OPTIONS.find(([path]) => option === path || option.startsWith(`${path}.`))
  return known?.[1] ?? 'task'
}
