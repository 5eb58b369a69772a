import { readFile, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { administer, endOffsets, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { runCli } from '../../helpers/run-cli.ts'
import type { KafkaBroker } from '../../kafka/start-kafka.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { childrenOf } from './process-tree.ts'

// Every way to log in, and what happens when it is refused: attempts are counted in the log of the broker.

const RECORDS = 200
const PASSWORD = 'mirror-secret'
const SECOND = 1000

describeWithBrokers('security', () => {
  describe('SASL over SSL on both sides', () => {
    let pair: ClusterPair

    beforeAll(async () => {
      pair = await ClusterPair.start({
        source: { security: { protocol: 'SASL_SSL' } },
        target: { security: { protocol: 'SASL_SSL' } }
      })
    })
    afterEach(() => pair?.endProcesses())
    afterAll(() => pair?.stop())

    const login = (broker: KafkaBroker, password: string, mechanism = 'SCRAM-SHA-512') => ({
      security: { protocol: 'SASL_SSL', mechanism, username: 'mirror', password, caFile: broker.certificates?.ca }
    })
    const topicOf = async (name: string) => {
      await pair.createSourceTopic(name, 2)
      await writeRecords({ ...pair.sourceCluster, topic: name, partitions: 2, records: RECORDS })
    }
    const secretFile = async (name: string, secret: string) => {
      const path = join(pair.directory, name)
      await writeFile(path, `${secret}\n`)
      return path
    }

    it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN'])('%s copies', async (mechanism) => {
      const name = `login-${mechanism.toLowerCase()}`
      await topicOf(name)
      const job = await pair.job(name, {
        source: login(pair.source, PASSWORD, mechanism),
        target: login(pair.target, PASSWORD, mechanism),
        topics: { include: [name] },
        stop: { at: 'end' }
      })
      const end = await job.run()
      expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(await pair.compare([name])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
    })

    it.each(['source', 'target'] as const)(
      'a wrong password at the %s: one attempt, none again by itself, one when asked for',
      async (side) => {
        const name = `wrong-at-${side}`
        await topicOf(name)
        const secret = await secretFile(name, 'not-the-password')
        const password = `\${file:${secret}}`
        const job = await pair.job(name, {
          source: login(pair.source, side === 'source' ? password : PASSWORD),
          target: login(pair.target, side === 'target' ? password : PASSWORD),
          topics: { include: [name] },
          stop: { at: 'end' }
        })
        const refusing = pair[side]
        const trusting = pair[side === 'source' ? 'target' : 'source']
        const [before, others] = [failedLogins(refusing), failedLogins(trusting)]

        const first = await job.run()
        expect(first, first.stderr).toMatchObject({ exitCode: 1, summary: { state: 'AUTH_FAILED', records: 0 } })
        expect(first.stderr).toContain('MR_AUTHENTICATION_FAILED')
        expect(first.stderr).toContain(side)
        expect(failedLogins(refusing) - before).toBe(1)

        const second = await job.run()
        expect(second, second.stderr).toMatchObject({ exitCode: 1, summary: { state: 'AUTH_FAILED' } })
        expect(second.stderr).toMatch(/MR_AUTHENTICATION_OPEN.*--retry-authentication/s)
        expect(failedLogins(refusing) - before).toBe(1)

        const asked = await job.run(['--retry-authentication'])
        expect(asked).toMatchObject({ exitCode: 1, summary: { state: 'AUTH_FAILED' } })
        expect(failedLogins(refusing) - before).toBe(2)
        expect(await endOffsets(pair.targetCluster, name)).toEqual({})

        await writeFile(secret, PASSWORD)
        const corrected = await job.run()
        expect(corrected, corrected.stderr).toMatchObject({ exitCode: 0, summary: { records: RECORDS } })
        expect(failedLogins(refusing) - before).toBe(2)
        expect(failedLogins(trusting)).toBe(others)
      }
    )

    it('a password is in no output, no process list and no state', async () => {
      await topicOf('silent')
      const settings = {
        source: login(pair.source, PASSWORD),
        target: login(pair.target, 'not-the-password'),
        topics: { include: ['silent'] }
      }
      const job = await pair.job('silent', settings)
      const show = await runCli(['config', 'show', job.file])
      expect(show.exitCode, show.stderr).toBe(0)
      const plan = await runCli(['plan', job.file, '-v'])
      const check = await runCli(['check', job.file, '-v'])
      const refused = await job.run(['-v'])
      expect(refused.exitCode).toBe(1)

      const good = await pair.job('silent', { ...settings, target: login(pair.target, PASSWORD) })
      const running = good.start(['-v'])
      await running.printed(/Worker 0 was given/)
      const processes = [running.pid, ...childrenOf(running.pid)].map((pid) =>
        ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')).join('\n')
      )
      running.kill('SIGTERM')
      const stopped = await running.finished()
      const state = await readFile(join(pair.directory, 'silent.state', 'state.json'), 'utf8')
      const seen = [show, plan, check, refused, stopped].flatMap(({ stdout, stderr }) => [stdout, stderr])
      for (const text of [...seen, ...processes, state]) {
        expect(text).not.toContain(PASSWORD)
        expect(text).not.toContain('not-the-password')
      }
    })

    it('a certificate of an unknown authority is refused with the reason, and no password is sent', async () => {
      await topicOf('unknown-ca')
      const foreign = pair.target.certificates?.foreignCa
      const target = login(pair.target, PASSWORD)
      const job = await pair.job('unknown-ca', {
        source: login(pair.source, PASSWORD),
        target: { security: { ...target.security, caFile: foreign } },
        topics: { include: ['unknown-ca'] },
        stop: { at: 'end' }
      })
      const end = await job.run()
      expect(end, end.stderr).toMatchObject({ exitCode: 4, summary: { state: 'FAILED' } })
      expect(end.stderr).toMatch(/MR_TLS_FAILED target.*certificate verify failed/s)
      expect(await endOffsets(pair.targetCluster, 'unknown-ca')).toEqual({})
    })

    it('a password that is changed while it runs ends the job as AUTH_FAILED after a few attempts, not many', async () => {
      await topicOf('changed')
      const job = await pair.job('changed', {
        source: login(pair.source, PASSWORD),
        target: login(pair.target, PASSWORD),
        topics: { include: ['changed'] }
      })
      const run = job.start()
      await expect.poll(() => pair.copied('changed'), { timeout: 20 * SECOND }).toBe(RECORDS)
      await administer(pair.targetCluster, 'change_password', {
        user: 'mirror',
        mechanism: 'SCRAM-SHA-512',
        password: 'another'
      })
      // Connections that are open stay trusted; new ones are not.
      const before = failedLogins(pair.target)
      await pair.target.restart()
      await writeRecords({
        ...pair.sourceCluster,
        topic: 'changed',
        partitions: 2,
        records: 10,
        firstSequence: RECORDS
      })
      const end = await run.finished()
      expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'AUTH_FAILED' } })
      expect(end.stderr).toMatch(/MR_AUTHENTICATION_FAILED/)
      // The producer's and the supervisor's: to the broker by its address and by its id.
      const attempts = failedLogins(pair.target) - before
      expect(attempts).toBeGreaterThan(0)
      expect(attempts).toBeLessThanOrEqual(4)
      const again = await job.run()
      expect(again).toMatchObject({ exitCode: 1, summary: { state: 'AUTH_FAILED' } })
      expect(again.stderr).toContain('MR_AUTHENTICATION_OPEN')
      expect(failedLogins(pair.target) - before).toBe(attempts)
    })
  })

  describe('certificates', () => {
    let pair: ClusterPair

    beforeAll(async () => {
      pair = await ClusterPair.start({
        source: { security: { protocol: 'SSL' } },
        target: { security: { protocol: 'SSL', clientAuth: 'required' } }
      })
      await pair.createSourceTopic('certified', 2)
      await writeRecords({ ...pair.sourceCluster, topic: 'certified', partitions: 2, records: RECORDS })
    })
    afterEach(() => pair?.endProcesses())
    afterAll(() => pair?.stop())

    it('mTLS: refused without a certificate of our own, copies with one', async () => {
      const { ca, clientCertificate, clientKey } = pair.target.certificates ?? {}
      const settings = {
        source: { security: { protocol: 'SSL', caFile: pair.source.certificates?.ca } },
        topics: { include: ['certified'] },
        stop: { at: 'end' }
      }
      const without = await pair.job('without', { ...settings, target: { security: { protocol: 'SSL', caFile: ca } } })
      const refused = await without.run()
      expect(refused, refused.stderr).toMatchObject({ exitCode: 4, summary: { state: 'FAILED' } })
      expect(refused.stderr).toMatch(/MR_TLS_FAILED target.*client certificate/s)

      const security = { protocol: 'SSL', caFile: ca, certificateFile: clientCertificate, keyFile: clientKey }
      const job = await pair.job('mutual', { ...settings, target: { security } })
      const end = await job.run()
      expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { records: RECORDS } })
      expect(await pair.compare(['certified'])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
    })
  })
})

/** Refused logins that the broker has seen, TLS included. */
function failedLogins(broker: KafkaBroker): number {
  return readFileSync(broker.logFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes('Failed authentication with')).length
}
