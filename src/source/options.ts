/** Options of `source` that only a reader needs. */
export const sourceOptions = {
  groupId: {
    doc: "Consumer group on the source cluster that keeps the progress, for Kafka's lag tools to see.",
    format: 'text',
    default: null,
    defaultDoc: 'the name of the job',
    example: 'orders-to-dr'
  }
} as const

export const startOptions = {
  from: {
    doc:
      'Where to start when the group has no committed offsets: earliest, latest, timestamp (see start.time), offsets ' +
      '(see start.offsets), or committed: insist on committed offsets.',
    format: ['earliest', 'latest', 'committed', 'timestamp', 'offsets'],
    default: 'earliest'
  },
  time: {
    doc: 'With `from: timestamp`: copy records stamped at or after this time (RFC 3339 with zone).',
    format: 'time',
    default: null,
    example: '2026-01-31T12:00:00Z'
  },
  offsets: {
    doc: 'With `from: offsets`: the first offset to copy, by topic and partition. Other partitions start at their first record.',
    format: 'map',
    default: [],
    example: '{ orders: { 0: 42 } }',
    of: {
      doc: 'First offset by partition.',
      format: 'map',
      default: [],
      checkKey: (partition: string) => {
        return /^(?:0|[1-9]\d{0,8})$/.test(partition) ? undefined : { problem: 'must be the number of a partition' }
      },
      of: { doc: 'First offset to copy.', format: 'count', default: null, min: 0 }
    }
  }
} as const

export const stopOptions = {
  at: {
    doc: 'When the job is done: never, end (the end offsets at the start of the job), or a time (RFC 3339 with zone).',
    format: 'time',
    words: ['never', 'end'],
    default: 'never'
  }
} as const

export const onLossOption = {
  doc:
    'When records are gone before they were copied, or a topic was deleted and made again: stop the partition, or ' +
    'continue with what is left. The range is named in either case. topics.settings.TOPIC.onLoss wins.',
  format: ['stop', 'continue'],
  default: 'stop'
} as const

/** Settings for one topic that differ from the job's. */
export const topicSettings = {
  transactional: {
    doc: 'false: the topic is neither transactional nor compacted, so a hole between two offsets is a loss (see onLoss).',
    format: 'flag',
    default: null
  },
  onLoss: {
    doc: 'As `onLoss` of the job, for this topic.',
    format: ['stop', 'continue'],
    default: null
  }
} as const
