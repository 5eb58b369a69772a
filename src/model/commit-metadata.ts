/**
 * What a commit says beside its offset, in the text that Kafka keeps with it: by it the next start sees whether source
 * and target still are what they were.
 */
export interface CommitMetadata {
  /** Of the source topic, in base64; undefined before Kafka 2.8. */
  readonly topicId?: string
  /** Of the target topic. */
  readonly targetId?: string
  /** Where the last record below the commit went: a partition of the target, and the offset behind the record. */
  readonly target?: { readonly partition: number; readonly end: number }
}

const VERSION = 'millrace/1'
const ID = /^[A-Za-z0-9+/_-]{1,64}={0,2}$/

/** `millrace/1 id=… tid=… t=PARTITION@OFFSET`; what is not known is left out. */
export function formatCommitMetadata({ topicId, targetId, target }: CommitMetadata): string {
  return [
    VERSION,
    ...(topicId === undefined ? [] : [`id=${topicId}`]),
    ...(targetId === undefined ? [] : [`tid=${targetId}`]),
    ...(target === undefined ? [] : [`t=${target.partition}@${target.end}`])
  ].join(' ')
}

/** Empty for what is not ours, is of another version, or is damaged: then nothing is known. */
export function parseCommitMetadata(text: string | undefined): CommitMetadata {
  const [version, ...fields] = (text ?? '').split(' ')
  if (version !== VERSION) return {}
  const known: { -readonly [K in keyof CommitMetadata]: CommitMetadata[K] } = {}
  for (const field of fields) {
    const equals = field.indexOf('=')
    const [name, value] = [field.slice(0, equals), field.slice(equals + 1)]
    if (name === 'id' && ID.test(value)) known.topicId = value
    else if (name === 'tid' && ID.test(value)) known.targetId = value
    else if (name === 't') {
      const at = value.indexOf('@')
      const [partition, end] = [wholeNumber(value.slice(0, at)), wholeNumber(value.slice(at + 1))]
      if (partition !== undefined && end !== undefined) known.target = { partition, end }
    }
  }
  return known
}

function wholeNumber(text: string): number | undefined {
  const number = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : undefined
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined
}
