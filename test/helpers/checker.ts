import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { checkerProgram, ensureChecker } from './ensure-checker.ts'
import { runCommand } from './run-command.ts'

/** librdkafka properties of the checker's own client, for a protected listener. */
export type ClientProperties = Record<string, string | number | boolean>

export interface Cluster {
  readonly bootstrap: string
  readonly config?: ClientProperties
}

export interface WriteRequest extends Cluster {
  readonly topic: string
  readonly partitions?: number
  readonly kind?: 'plain' | 'odd' | 'transactional' | 'explicit' | 'mixed'
  readonly records?: number
  readonly seconds?: number
  readonly rate?: number
  readonly size?: number
  readonly payload?: 'random' | 'json'
  readonly keys?: 'none' | 'sequence'
  readonly headers?: number
  readonly timestamps?: { readonly first: number; readonly step?: number }
  readonly codecs?: readonly ('none' | 'gzip' | 'snappy' | 'lz4' | 'zstd')[]
  readonly firstSequence?: number
  readonly seed?: number
  readonly perTransaction?: number
  readonly abortEvery?: number
  readonly leaveOpen?: boolean
  /** Mixed: the size of every 500th value, 2 MB unless given. */
  readonly largest?: number
  readonly explicit?: readonly ExplicitRecord[]
  /** Writes `explicit` without librdkafka, which can't write a timestamp of 0. Open listeners only. */
  readonly raw?: boolean
}

/** Bytes in hexadecimal; null or nothing is null. */
export interface ExplicitRecord {
  readonly partition?: number
  readonly key?: string | null
  readonly value?: string | null
  readonly headers?: readonly (readonly [string, string | null])[]
  readonly timestamp?: number
}

export interface Written {
  /** Committed records only. */
  readonly records: number
  readonly partitions: Record<string, number>
  readonly aborted: number
  readonly seconds: number
}

type OffsetsByTopic = Record<string, Record<string, number>>

export interface CompareRequest {
  readonly source: Cluster
  readonly target: Cluster
  /** Pairs of source and target topic. */
  readonly topics: readonly (readonly [string, string])[]
  readonly mode?: 'same' | 'zero' | 'multiset'
  readonly from?: OffsetsByTopic
  readonly to?: OffsetsByTopic
  readonly targetFrom?: OffsetsByTopic
  readonly allowDuplicates?: boolean
  /** A worker that was taken for dead may have sent what it had between the records of its successor. */
  readonly lateOwners?: boolean
  /** False: they may differ. */
  readonly timestamps?: boolean
  readonly group?: string
  readonly examples?: number
}

export interface Comparison {
  readonly equal: boolean
  readonly sourceRecords: number
  readonly targetRecords: number
  readonly lost: number
  readonly duplicate: number
  readonly reordered: number
  readonly phantom: number
  readonly altered: number
  readonly misplaced: readonly [string, number][]
  readonly earlyCheckpoints: readonly unknown[]
  readonly examples: Record<string, readonly Record<string, unknown>[]>
}

export interface ReadRecord {
  readonly offset: number
  /** Hexadecimal; null is null. */
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
  readonly timestamp: number
}

const ADMIN_TIMEOUT_MS = 90_000
const LOAD_TIMEOUT_MS = 300_000
const DIFFERENT = 3

/** Runs one of the commands of test/checker/admin.py, where their arguments are described. */
export async function administer<Result = unknown>(
  cluster: Cluster,
  command: string,
  args: Record<string, unknown> = {}
): Promise<Result> {
  return ask<Result>('admin', { ...cluster, command, ...args }, ADMIN_TIMEOUT_MS)
}

export async function createTopic(
  cluster: Cluster,
  topic: string,
  partitions = 1,
  configs: Record<string, string> = {}
): Promise<void> {
  await administer(cluster, 'create_topic', { topic, partitions, configs })
}

/** `timeout` in seconds, 30 unless given: for how long a broker without an answer is waited for. */
export async function endOffsets(
  cluster: Cluster,
  topic: string,
  options: { readonly timeout?: number } = {}
): Promise<Record<string, number>> {
  return administer(cluster, 'list_offsets', { topic, at: 'end', ...options })
}

export async function committedOffsets(
  cluster: Cluster,
  group: string
): Promise<Record<string, Record<string, { offset: number; metadata: string | null }>>> {
  return administer(cluster, 'committed_offsets', { group })
}

export async function readRecords(
  cluster: Cluster,
  topic: string,
  at: { partition?: number; offset?: number; count?: number } = {}
): Promise<ReadRecord[]> {
  return administer(cluster, 'read_records', { topic, ...at })
}

export async function writeRecords(request: WriteRequest): Promise<Written> {
  return ask<Written>('write', request, LOAD_TIMEOUT_MS)
}

/** Writes in the background until `stop()`; give `records: 0` and a rate. */
export async function startWriting(request: WriteRequest): Promise<{ stop(): Promise<Written> }> {
  const child = spawn(await ensureChecker(), [checkerProgram('write')], { stdio: ['pipe', 'pipe', 'pipe'] })
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(JSON.stringify(request))
  const closed = once(child, 'close') as Promise<[number | null]>
  return {
    async stop() {
      child.kill('SIGTERM')
      const deadline = setTimeout(kill, LOAD_TIMEOUT_MS)
      const [exitCode] = await closed
      clearTimeout(deadline)
      process.removeListener('exit', kill)
      if (exitCode !== 0) throw new Error(`write.py ended with ${exitCode}: ${stderr}`)
      return JSON.parse(stdout) as Written
    }
  }
}

/** Reads both sides to their ends and says what differs. */
export async function compareTopics(request: CompareRequest): Promise<Comparison> {
  return ask<Comparison>('compare', request, LOAD_TIMEOUT_MS)
}

async function ask<Result>(
  program: 'admin' | 'write' | 'compare',
  request: object,
  timeoutMs: number
): Promise<Result> {
  const python = await ensureChecker()
  const input = JSON.stringify(request)
  const { exitCode, stdout, stderr } = await runCommand(python, [checkerProgram(program)], { input, timeoutMs })
  if (exitCode !== 0 && exitCode !== DIFFERENT) throw new Error(`${program}.py ended with ${exitCode}: ${stderr}`)
  return JSON.parse(stdout) as Result
}
