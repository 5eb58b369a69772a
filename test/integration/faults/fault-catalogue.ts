interface Fault {
  readonly fault: string
  readonly holds: string
}

/** Every fault that is tried, and what must hold. "Lost 0" always means in order and with equal bytes, too. */
export const FAULTS = {
  P1: {
    fault: 'kill -9 of a worker under load, many times',
    holds: 'lost 0, duplicates at most what was not committed, back within 10 s'
  },
  P2: { fault: 'kill -9 of the supervisor', holds: 'its workers end, a new start goes on, lost 0' },
  P3: { fault: 'SIGTERM', holds: 'drained, committed, duplicates 0, ends within the deadline' },
  P4: {
    fault: 'SIGTERM while the target is down',
    holds: 'ends at the deadline with 1, names what may repeat, commits nothing undelivered'
  },
  P5: {
    fault: 'a worker frozen beyond its session, then thawed',
    holds: 'the others take over, the late one gives up its partitions, duplicates bounded'
  },
  P6: { fault: 'a memory limit with large records', holds: 'the limit is kept, progress' },
  P7: { fault: 'a crash between delivery and commit', holds: 'duplicates are exactly that window' },
  P8: {
    fault: 'a native crash (SIGSEGV) of a worker',
    holds: 'started again with back-off; again and again ends as FAILED'
  },
  B1: { fault: 'kill -9 of the source leader, of three brokers', holds: 'lost 0, back within 30 s' },
  B2: { fault: 'kill -9 of the target leader, of three brokers', holds: 'lost 0, back within 30 s' },
  B3: { fault: 'each cluster restarted broker by broker', holds: 'lost 0' },
  B4: { fault: 'a target frozen for 60 s', holds: 'back pressure, memory flat, lost 0' },
  B5: { fault: 'all source brokers down', holds: 'says so, resumes by itself, lost 0' },
  B6: {
    fault: 'all target brokers down, longer than max.poll.interval',
    holds: 'says so, resumes by itself, keeps its group membership, lost 0'
  },
  B7: { fault: 'a target below min.insync.replicas', holds: 'waits, says why, lost 0' },
  N1: { fault: 'the network to the source cut for 60 s', holds: 'resumes, lost 0' },
  N2: { fault: 'the network to the target cut for 60 s, requests in flight', holds: 'resumes, lost 0' },
  N3: { fault: 'replies dropped, half-open connections', holds: 'noticed within the socket time-out, resumes' },
  N4: { fault: 'a round trip of 300 ms; resets every 5 s; 1 Mbit/s', holds: 'progress, memory flat' },
  Q1: { fault: 'a producer quota at the target', holds: 'throttling is shown, memory flat' },
  Q2: { fault: 'the disk of the target full', holds: 'waits or stops loudly, recovers, lost 0' },
  Q3: {
    fault: 'a record larger than the target takes',
    holds: 'only that record meets the policy, its neighbours are delivered in order'
  },
  Q4: { fault: 'a batch over the limit though its records are small', holds: 'split and delivered' },
  Q5: {
    fault: 'retention or DeleteRecords overtakes a slow mirror',
    holds: 'the exact range is named, the policy obeyed'
  },
  T1: { fault: 'a source topic deleted', holds: 'the other partitions go on, its state says so' },
  T2: {
    fault: 'a source topic made again, shorter than our position',
    holds: 'noticed before the next record is written'
  },
  T3: {
    fault: 'a source topic made again, longer than our position',
    holds: 'noticed before the next record is written'
  },
  T4: { fault: 'source partitions grow while it runs', holds: 'the target grows first, nothing skipped' },
  T5: { fault: 'a target topic deleted under us', holds: 'stops that topic with its reason, not made again silently' },
  T6: { fault: 'a new topic matches, with records at once', holds: 'copied from its first record' },
  T7: { fault: 'a compacted source, tombstones, empty values', holds: 'null stays null, empty stays empty' },
  T8: { fault: 'aborted and long-open source transactions', holds: 'no phantom, the stall is shown' },
  T9: {
    fault: 'a corrupt batch at the source',
    holds: 'stops with topic, partition and offset, never skipped silently'
  },
  G1: { fault: 'workers join and leave every 5 s', holds: 'lost 0, duplicates bounded, progress' },
  S1: {
    fault: 'a wrong password at start, or changed while it runs',
    holds: 'one attempt a cluster at start; no retry by itself'
  },
  S2: {
    fault: 'a permission revoked while it runs',
    holds: 'named; that partition waits, and resumes after the grant'
  },
  S3: {
    fault: 'a certificate that expired, of a wrong host or an unknown authority',
    holds: 'refused with the reason'
  },
  SOAK: {
    fault: 'random faults for a while (`npm run test:soak`)',
    holds: 'lost 0; memory, files and threads don’t grow'
  }
} as const satisfies Record<string, Fault>

export type FaultId = keyof typeof FAULTS
