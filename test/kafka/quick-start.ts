import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { onceInCache } from '../helpers/once-in-cache.ts'
import type { KafkaVersion } from './versions.ts'

/** Without the second compiler a broker that lives for a minute is up and warm in two thirds of the processor time. */
const ONE_COMPILER = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
/** Of which nearly all brokers are. For a few of another version an archive costs more than it gives. */
const ARCHIVED: KafkaVersion = '3.9.1'
const ARCHIVE = 'classes.jsa'
/** The JVM writes it as it ends. */
const WRITING_DEADLINE_MS = 60_000

/**
 * Arguments of a JVM for brokers that start soon and run slower. The classes of a broker are read and checked once on a
 * machine, which halves what a start takes (JEP 350). A JVM that the archive is not of ignores it.
 *
 * @param start a broker of that version with these arguments
 */
export async function quickStart(
  version: KafkaVersion,
  start: (jvmArgs: readonly string[]) => Promise<{ stop(deadlineMs: number): Promise<void> }>
): Promise<readonly string[]> {
  if (version !== ARCHIVED) return ONE_COMPILER
  const directory = await onceInCache(`kafka-${version}-classes`, async (temporary) => {
    // A JVM that can't write one leaves an empty directory, and is not asked again.
    const options = ['-Xshare:auto', `-XX:ArchiveClassesAtExit=${join(temporary, ARCHIVE)}`]
    const broker = await start([...ONE_COMPILER, ...options]).catch(() => undefined)
    await broker?.stop(WRITING_DEADLINE_MS)
  })
  const archive = join(directory, ARCHIVE)
  const isThere = await access(archive).then(
    () => true,
    () => false
  )
  return isThere ? [...ONE_COMPILER, `-XX:SharedArchiveFile=${archive}`] : ONE_COMPILER
}
