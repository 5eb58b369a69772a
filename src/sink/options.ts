const policies = ['stop', 'dead-letter', 'skip'] as const

/** What becomes of records that the target refuses. */
export const onBadRecordOption = {
  doc:
    'What becomes of a record that the target refuses for its size, its timestamp or its contents: stop its partition ' +
    'there, write it to the dead letters, or skip it. Neighbours go on in order; the audit trail in stateDir has each.',
  format: policies,
  default: 'stop'
} as const

export const onBadRecordSetting = {
  doc: 'As onBadRecord of the job.',
  format: policies,
  default: null
} as const

export const deadLetterOptions = {
  topic: {
    doc: 'Topic of the target cluster for dead letters. One that is missing is created with one partition.',
    format: 'text',
    default: null,
    defaultDoc: 'NAME-dead-letter',
    example: 'orders-rejected'
  },
  file: {
    doc: 'Local file for dead letters instead of a topic: one line of JSON a record, bytes in base64.',
    format: 'text',
    default: null,
    example: '/var/lib/millrace/dead-letters.jsonl'
  }
} as const
