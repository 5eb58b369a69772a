/** Options of `topics.create`: target topics that are missing. */
export const topicCreationOptions = {
  partitions: {
    doc:
      'Partitions of a topic that millrace creates: auto (as the source under `partitions: same`, else 3), source (as the ' +
      'source), or a number.',
    format: 'count',
    words: ['auto', 'source'],
    default: 'auto',
    min: 1,
    max: 100_000
  },
  replicationFactor: {
    doc: "Replicas of a topic that millrace creates; -1: the target cluster's default.",
    format: 'count',
    default: -1,
    min: -1,
    max: 32_767
  },
  grow: {
    doc: 'Give a target topic that has too few partitions more of them. false: refuse to run.',
    format: 'flag',
    default: true
  },
  configs: {
    doc: 'Topic configuration of topics that millrace creates, over what the source topic has.',
    format: 'map',
    default: [],
    example: '{ retention.ms: 604800000 }',
    of: { doc: 'Value of the topic configuration.', format: 'text', default: null }
  }
} as const

export const discoveryIntervalOption = {
  doc: 'How often to look for new topics and partitions.',
  format: 'duration',
  default: 30_000,
  min: 1_000,
  max: 86_400_000
} as const

export const acceptOption = {
  doc:
    'What an existing target topic may do to the copied records: delete (its retention), restamp (LogAppendTime), ' +
    'reject (too large, or stamped too far from now). What is not listed is refused before anything is copied.',
  format: 'list',
  default: [],
  example: '[delete]',
  of: { doc: 'What is accepted.', format: ['delete', 'restamp', 'reject'], default: null }
} as const
