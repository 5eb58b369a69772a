import { describe, expect, it } from 'vitest'
import { Background } from '../../src/job/background.ts'
import { PartitionEnds } from '../../src/job/partition-ends.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { FakeCluster } from '../control/fake-cluster.ts'
import { topicPlan } from './statuses.ts'

const PLANNED = [topicPlan('orders', 2)]
const at = (partition: number, topic = 'orders') => ({ topic, partition })

function background() {
  const warnings: MillraceError[] = []
  const fail = (error: MillraceError): never => {
    throw error
  }
  return { warnings, background: new Background({ onWarning: (error) => warnings.push(error), onFailed: fail }) }
}

describe('PartitionEnds', () => {
  it('a copy up to the end: as planned, and nothing of what has come since', () => {
    const ends = new PartitionEnds({ at: 'end' }, PLANNED)
    expect([at(0), at(1), at(2), at(0, 'new')].map((partition) => ends.of(partition))).toEqual([10, 11, 0, 0])
    expect(ends.stopBefore).toBeUndefined()
  })

  it('a copy without an end has none', () => {
    const [plan] = PLANNED
    if (plan === undefined) throw new Error('no plan')
    const endless = { ...plan, partitions: plan.partitions.map((partition) => ({ ...partition, stop: undefined })) }
    expect(new PartitionEnds({ at: 'never' }, [endless]).of(at(0))).toBeUndefined()
  })

  it('a copy up to a time: at the first record from then on, else at the end, once the time has passed', async () => {
    const time = Date.now() - 5000
    const source = new FakeCluster('source').topic('orders', [
      { times: [time - 2, time - 1, time, time + 1] },
      { times: [time - 2, time - 1] },
      {}
    ])
    const ends = new PartitionEnds({ at: 'time', time }, [])
    expect(ends.stopBefore).toBe(time)
    expect(ends.of(at(0))).toBeUndefined()
    const asked = [at(0), at(1), at(2)]
    const told = await ends.awaitTime(time, source, () => asked, background().background)
    expect(told.map(({ offset }) => offset)).toEqual([2, 2, 0])
    expect(asked.map((partition) => ends.of(partition))).toEqual([2, 2, 0])
  })

  it('asks again when the source does not answer, and knows no end until it has', async () => {
    class Silent extends FakeCluster {
      questions = 0
      override async listOffsets(...question: Parameters<FakeCluster['listOffsets']>) {
        this.questions += 1
        if (this.questions === 2) throw new MillraceError({ code: 'MR_X', kind: 'retry', message: 'away', place: {} })
        return await super.listOffsets(...question)
      }
    }
    const time = Date.now() - 5000
    const source = new Silent('source').topic('orders', [{ times: [time - 1, time - 1] }])
    const ends = new PartitionEnds({ at: 'time', time }, [])
    const beside = background()
    const waiting = ends.awaitTime(time, source, () => [at(0)], beside.background)
    expect(ends.of(at(0))).toBeUndefined()
    await waiting
    expect(ends.of(at(0))).toBe(2)
    expect(beside.warnings.map(({ message }) => message)).toEqual(['away'])
  })
})
