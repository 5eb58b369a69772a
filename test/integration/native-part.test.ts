import { expect, it } from 'vitest'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { runCommand } from '../helpers/run-command.ts'
import { startKafka } from '../kafka/start-kafka.ts'

// What the addon's own tests can't show on an embedded cluster: commits, transactions and administration as brokers do them.

describeWithBrokers('the native part', () => {
  it.each(['2.7.2', '4.1.0'] as const)('keeps its promises on Kafka %s', async (version) => {
    const broker = await startKafka({ version })
    try {
      const tests = await runCommand(process.execPath, ['native/test/run.mjs', 'real'], {
        env: { ...process.env, MILLRACE_TEST_SERVERS: broker.bootstrapServers },
        timeoutMs: 120_000
      })
      expect(tests.stdout).toMatch(/[1-9]\d* passed, 0 failed, 0 skipped\s*$/)
    } finally {
      await broker.stop()
    }
  })
})
