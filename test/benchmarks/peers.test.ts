import { describe, expect, test } from 'vitest'
import type { Shape } from '../../benchmarks/harness/shapes.ts'
import { preparePeers } from '../../benchmarks/harness/prepare-peers.ts'
import { UsageError } from '../../benchmarks/harness/usage-error.ts'
import { choosePeers } from '../../benchmarks/peers/all-peers.ts'
import { mirrorMakerTuned } from '../../benchmarks/peers/mirror-maker.ts'
import { mirrorMakerFile, mirrorMakerSettings } from '../../benchmarks/peers/mirror-maker/mirror-maker-properties.ts'
import type { Peer } from '../../benchmarks/peers/peer.ts'

const SHAPE: Shape = { name: 'a', records: 1, bytes: 100, codec: 'lz4', payload: 'json' }

/** However a client calls them. */
const CODEC = /^(target\.(producer\.)?compression\.type|compression\.type|codec)$/

describe('fairness', () => {
  test.each(choosePeers(undefined).map((peer) => [peer.name, peer] as const))(
    '%s has the codec of the shape',
    (_, peer) => {
      const codecs = Object.entries(peer.settings(SHAPE)).filter(([name]) => CODEC.test(name))
      expect(codecs.map(([, value]) => value)).toEqual(['lz4'])
    }
  )

  // millrace's own are its defaults; franz-go's are in its program.
  const told = choosePeers(undefined).filter(({ name }) => name !== 'millrace' && name !== 'franz-go')
  test.each(told.map((peer) => [peer.name, peer] as const))(
    '%s is told to wait for all and to be idempotent',
    (_, peer) => {
      const settings = Object.entries(peer.settings(SHAPE))
      expect(settings.filter(([name]) => name.endsWith('.acks')).map(([, value]) => value)).toEqual(['all'])
      expect(settings.filter(([name]) => name.endsWith('enable.idempotence')).map(([, value]) => value)).toEqual([true])
    }
  )

  test('a peer that loses something says so where the results are read', () => {
    for (const { title, losesTimestamps } of choosePeers(undefined)) {
      if (losesTimestamps === true) expect(title).toContain('loses timestamps')
    }
  })
})

describe('MirrorMaker', () => {
  const stock = mirrorMakerSettings({ tuned: false, tasksMax: 1, codec: 'none' })
  const tuned = mirrorMakerSettings({ tuned: true, tasksMax: 4, codec: 'none' })

  test('as it comes has no tuning at all', () => {
    expect(Object.keys(stock).filter((name) => /consumer|batch|linger|buffer|flush/.test(name))).toEqual([])
    expect(stock['tasks.max']).toBe(1)
  })

  test('tuned has all of what was found', () => {
    expect(tuned).toMatchObject({
      'tasks.max': 4,
      'offset-syncs.topic.location': 'target',
      'source.consumer.max.poll.records': 20_000,
      'source.consumer.fetch.min.bytes': 1_048_576,
      'target.producer.batch.size': 524_288,
      'target.producer.linger.ms': 20,
      'target.offset.flush.interval.ms': 10_000
    })
  })

  test('is told its clusters by names of this run, so that it resumes nothing', () => {
    const route = {
      sourceAlias: 'run7-source',
      targetAlias: 'run7-target',
      source: 'a:1',
      target: 'b:2',
      topic: 'orders'
    }
    const lines = mirrorMakerFile({ tuned: true, tasksMax: 2, codec: 'zstd' }, route).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'clusters = run7-source, run7-target',
        'run7-source.bootstrap.servers = a:1',
        'run7-target.bootstrap.servers = b:2',
        'run7-source->run7-target.enabled = true',
        'run7-source->run7-target.topics = orders',
        'run7-target.producer.compression.type = zstd',
        'run7-source.consumer.max.poll.records = 20000',
        'tasks.max = 2'
      ])
    )
    expect(lines.filter((line) => /^(source|target)\./.test(line))).toEqual([])
  })

  test('runs with the best number of tasks of each shape, once that is known', () => {
    const peer = mirrorMakerTuned()
    peer.sweep?.use(SHAPE, 4)
    expect(peer.settings(SHAPE)['tasks.max']).toBe(4)
    expect(peer.settings({ ...SHAPE, name: 'b' })['tasks.max']).toBe(2)
  })
})

describe('a peer that can’t be had', () => {
  const peer = (name: string, parts: Partial<Peer>): Peer => ({
    name,
    title: name,
    missing: async () => undefined,
    prepare: async () => ({}),
    settings: () => ({}),
    command: () => Promise.reject(new Error('not run here')),
    ...parts
  })

  test('is named with the reason and holds nobody up', async () => {
    const told: string[] = []
    const prepared = await preparePeers(
      [
        peer('absent', { missing: async () => 'there is none' }),
        peer('unbuilt', { prepare: () => Promise.reject(new Error('no network\nat length')) }),
        peer('there', { prepare: async () => ({ Go: '1.26' }) })
      ],
      '/nowhere',
      (line) => told.push(line)
    )
    expect(prepared.present.map(({ name }) => name)).toEqual(['there'])
    expect(prepared.versions).toEqual({ Go: '1.26' })
    expect(prepared.notRun).toEqual([
      { name: 'absent', why: 'there is none' },
      { name: 'unbuilt', why: 'no network' }
    ])
    expect(told).toEqual(['absent: not run, there is none', 'unbuilt: not run, no network'])
  })
})

describe('which mirrors run', () => {
  test('of a pair, the second that is named is the control; twice is once', () => {
    const named = choosePeers(['kcat', 'native-loop', 'kcat']).map(({ name }) => name)
    expect(named).toEqual(['kcat', 'native-loop'])
  })

  test('that nobody knows is a mistake in the command', () => {
    expect(() => choosePeers(['kafkacat'])).toThrow(UsageError)
  })
})
