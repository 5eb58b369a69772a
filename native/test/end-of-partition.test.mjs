import assert from 'node:assert/strict'
import { fill, fresh, pollUntil, withClients } from './clients.mjs'
import { test } from './harness.mjs'

const releaseAll = ({ batches }) => batches.forEach((batch) => batch.release())

/** A partition that was read to its end, and the end was told. */
async function readToEnd(env, records) {
  const topic = fresh('topic')
  await fill(env.servers, topic, 0, Math.max(1, records))
  const at = { topic, partition: 0 }
  env.consumer.assign([{ ...at, offset: records === 0 ? 1 : 0 }])
  const end = Math.max(1, records)
  releaseAll(await pollUntil(env.reader, (all) => all.ends.some(({ offset }) => offset === end)))
  return { topic, at, end }
}

async function expectNext(env, topic, offset) {
  const all = await pollUntil(env.reader, (seen) => seen.batches.length + seen.errors.length > 0)
  const firsts = all.batches.map((batch) => batch.firstOffset)
  releaseAll(all)
  assert.deepEqual({ errors: all.errors, first: firsts[0] }, { errors: [], first: offset })
}

// librdkafka takes the end that it tells for a record, and resumes one behind it.

for (const records of [0, 5]) {
  test(`no record is skipped by pause and resume at the end, ${records} records before`, () =>
    withClients(async (env) => {
      const { topic, at, end } = await readToEnd(env, records)
      env.consumer.pause([at])
      env.consumer.resume([at])
      await fill(env.servers, topic, 0, 3)
      await expectNext(env, topic, end)
    }))

  test(`no record is skipped that comes while it is paused at the end, ${records} records before`, () =>
    withClients(async (env) => {
      const { topic, at, end } = await readToEnd(env, records)
      env.consumer.pause([at])
      await fill(env.servers, topic, 0, 3)
      env.consumer.resume([at])
      await expectNext(env, topic, end)
    }))
}

test('no record comes twice when it came before the pause', () =>
  withClients(async (env) => {
    const { topic, at, end } = await readToEnd(env, 5)
    await fill(env.servers, topic, 0, 1)
    await expectNext(env, topic, end)
    env.consumer.pause([at])
    env.consumer.resume([at])
    await fill(env.servers, topic, 0, 1)
    await expectNext(env, topic, end + 1)
  }))
