import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addon, call, countOf, fill, fresh, pollUntil, withClients } from './clients.mjs'
import { test } from './harness.mjs'

/*
 * Any arguments to any function: an answer or an error of ours, and the process lives. garbage-arguments.test.mjs goes
 * through what is known to be odd, one place after the other; here chance does, in all places at once.
 */

const RUNS = 3000
/** They end what the others need, or are asked of brokers that the embedded cluster isn't. */
const LEFT_OUT = new Set(['constructor', 'close', 'poll', 'release'])
const REQUESTS = [
  'describeTopics',
  'describeCluster',
  'describeConfigs',
  'createTopics',
  'createPartitions',
  'listOffsets',
  'listConsumerGroupOffsets',
  'alterConsumerGroupOffsets'
]

const keys = fc.constantFrom(
  ...'topic partition offset metadata leaderEpoch topics resources type name partitions replicationFactor'.split(' '),
  ...'configs isolation groupId offsets __proto__ length 0'.split(' ')
)
const scalar = fc.oneof(
  fc.constantFrom(undefined, null, true, NaN, Infinity, -1, 0, 1, 2 ** 31, -(2 ** 31), 2 ** 53, 10n, '', 't', 'a\0b'),
  fc.constantFrom('topic', 'read_committed', 'broker', '\ud800', 'x'.repeat(70_000)),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array()
)
const argument = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('any')),
    fc.dictionary(keys, tie('any'))
  )
})).any
const argumentsOf = fc.array(
  fc.oneof({ weight: 4, arbitrary: argument }, { weight: 1, arbitrary: fc.constant(() => {}) }),
  {
    maxLength: 6
  }
)

/** @param {() => void} body */
function refusedOrDone(body) {
  try {
    body()
    return true
  } catch (error) {
    const ours =
      error instanceof TypeError || error instanceof RangeError || String(Object(error).code).startsWith('MR_')
    if (!ours) throw error
    return false
  }
}

test('any arguments to any method of a consumer, a producer and a batch', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 5)
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 5)
    for (const object of [env.reader, env.writer, batches[0]]) {
      const names = Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => !LEFT_OUT.has(name))
      const calls = names.filter((name) => {
        const { value } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name) ?? {}
        return typeof value === 'function'
      })
      assert.ok(calls.length > 0)
      const name = fc.constantFrom(...calls)
      fc.assert(
        fc.property(name, argumentsOf, (method, args) => {
          refusedOrDone(() => {
            const part = object[method](...args)
            if (typeof part?.release === 'function') part.release()
          })
        }),
        { numRuns: RUNS }
      )
    }
    for (const batch of batches) batch.release()
    await call(env.reader, 'close')
  }))

test('any arguments to any admin request', () =>
  withClients(async (env) => {
    const handle = env.producer.getClient()
    let sent = 0
    let answered = 0
    fc.assert(
      fc.property(fc.constantFrom(...REQUESTS), argument, (request, args) => {
        if (refusedOrDone(() => addon.admin(handle, request, args, 50, () => answered++))) sent++
      }),
      { numRuns: RUNS }
    )
    fc.assert(
      fc.property(argumentsOf, (args) => {
        refusedOrDone(() => addon.admin(handle, ...args))
        refusedOrDone(() => addon.attachConsumer(...args))
        refusedOrDone(() => addon.attachProducer(...args))
      }),
      { numRuns: RUNS }
    )
    while (answered < sent) await new Promise((resolve) => setTimeout(resolve, 20))
  }))
