import { configDefaults, defineConfig } from 'vitest/config'

const MINUTE = 60_000

/** What takes long: `npm run test:faults`. Listed in test/integration/README.md. */
const LONG = [
  'bench/interrupted',
  'faults/away',
  'faults/bad-records',
  'faults/brokers',
  'faults/disk-full',
  'faults/growth',
  'faults/leaderless',
  'faults/loss',
  'faults/memory',
  'faults/memory-extremes',
  'faults/network',
  'faults/processes',
  'faults/quota',
  'faults/security',
  'faults/still-target',
  'faults/supervisor',
  'faults/transactions',
  'faults/workers',
  'limits/rate',
  'service/disk-full',
  'verify/pairs'
].map((name) => `test/integration/${name}.test.ts`)

export default defineConfig({
  test: {
    // The native addon works in one thread of a process only.
    pool: 'forks',
    reporters: ['default', './scripts/count-reporter.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // A process for each of 250 files costs more than all their tests: nothing is replaced by vi.mock.
          isolate: false,
          // Property tests on a busy machine; nothing here waits.
          testTimeout: MINUTE / 2,
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/contract/**', 'test/integration/**', 'test/console/**']
        }
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          // Most of their time is waiting for clients to notice something.
          maxWorkers: 2,
          testTimeout: MINUTE,
          hookTimeout: 2 * MINUTE
        }
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...LONG],
          // Two brokers and the mirror already fill a small machine.
          fileParallelism: false,
          testTimeout: 3 * MINUTE,
          hookTimeout: 5 * MINUTE
        }
      },
      {
        extends: true,
        test: {
          name: 'smoke',
          include: ['test/console/smoke.test.ts'],
          testTimeout: MINUTE,
          hookTimeout: 2 * MINUTE
        }
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          // A browser and a service each.
          fileParallelism: false,
          testTimeout: MINUTE,
          hookTimeout: 2 * MINUTE
        }
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: LONG,
          fileParallelism: false,
          testTimeout: 12 * MINUTE,
          hookTimeout: 5 * MINUTE
        }
      }
    ]
  }
})
