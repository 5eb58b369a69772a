import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CommitMetadata, formatCommitMetadata, parseCommitMetadata } from '../../src/model/commit-metadata.ts'

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const metadata: fc.Arbitrary<CommitMetadata> = fc.record(
  {
    topicId: id,
    targetId: id,
    target: fc.record({ partition: fc.nat(), end: fc.maxSafeNat() })
  },
  { requiredKeys: [] }
)

describe('the metadata of a commit', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(metadata, (known) => {
        expect(parseCommitMetadata(formatCommitMetadata(known))).toEqual(known)
      })
    )
  })

  it('is far below what Kafka keeps by default (4096 bytes)', () => {
    fc.assert(
      fc.property(metadata, (known) => {
        expect(formatCommitMetadata(known).length).toBeLessThan(256)
      })
    )
  })

  it.each([undefined, '', 'somebody else', 'millrace/2 id=AAAA', '{"id":"AAAA"}', ' millrace/1 id=AAAA'])(
    'tells nothing where it is not ours: %s',
    (text) => expect(parseCommitMetadata(text)).toEqual({})
  )

  it('keeps what can be read of a damaged one', () => {
    expect(parseCommitMetadata('millrace/1 id=<> t=1@x tid=AAAA== later=1 t=-1@2')).toEqual({
      targetId: 'AAAA=='
    })
  })

  it('never throws and never returns what could not have been written', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `millrace/1 ${text}`)
    )
    fc.assert(
      fc.property(anything, (text) => {
        const known = parseCommitMetadata(text)
        expect(parseCommitMetadata(formatCommitMetadata(known))).toEqual(known)
      })
    )
  })
})
