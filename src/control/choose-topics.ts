import type { ClusterAdmin } from '../client/types.ts'
import type { TopicPattern } from '../mapping/topic-pattern.ts'
import type { TopicSelection } from '../mapping/topic-selection.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { someNames, type FindingList } from './finding-list.ts'

/**
 * The source topics to mirror, and what is odd about the choice: names that don't exist, patterns that find nothing,
 * topics that a pattern finds and a default exclusion takes away.
 *
 * @param mayAppear the job looks for new topics, so a pattern may find some later
 */
export async function chooseTopics(
  selection: TopicSelection,
  source: ClusterAdmin,
  known: ReadonlyMap<string, number>,
  mayAppear: boolean,
  findings: FindingList
): Promise<string[]> {
  const names = [...known.keys()]
  const chosen = names.filter((name) => selection.includes(name)).toSorted()
  await findMissingNames(selection, source, known, findings)
  for (const pattern of selection.include) {
    if (pattern.kind === 'pattern') findNoMatch(pattern, names, chosen.length > 0, mayAppear, findings)
  }
  for (const pattern of selection.exclude) {
    if (pattern.kind === 'pattern') findWholeNameMistake(pattern, chosen, findings)
  }
  findDefaultExclusions(selection, names, findings)
  const patterns = selection.include.some(({ kind }) => kind === 'pattern')
  if (chosen.length === 0 && findings.refusals.length === 0 && !(mayAppear && patterns)) {
    findings.refuse({
      code: 'MR_NOTHING_TO_MIRROR',
      message: `No topic of the source is left to mirror; it has ${existing(names)}.`,
      next: 'Change topics.include or topics.exclude.'
    })
  }
  return chosen
}

async function findMissingNames(
  selection: TopicSelection,
  source: ClusterAdmin,
  known: ReadonlyMap<string, number>,
  findings: FindingList
): Promise<void> {
  const missing = selection.include.filter(({ kind, text }) => kind === 'name' && !known.has(text))
  const wanted = missing.map(({ text }) => text).filter((name) => selection.includes(name))
  if (wanted.length === 0) return
  const lookups = await source.describeTopics(wanted)
  for (const topic of wanted) {
    const lookup = lookups.get(topic)
    if (lookup?.found === false && lookup.reason === 'unauthorized') {
      findings.refuse({
        code: 'MR_TOPIC_UNAUTHORIZED',
        topic,
        message: `The source does not show topic ${topic} to this user.`,
        next: `Grant DESCRIBE and READ on topic ${topic} of the source cluster.`
      })
      continue
    }
    const near = didYouMean(topic, known.keys())
    findings.refuse({
      code: 'MR_TOPIC_MISSING',
      topic,
      message: `The source has no topic ${topic}, which topics.include names; it has ${existing([...known.keys()])}.`,
      next: near === undefined ? 'Correct topics.include, or create the topic.' : `Did you mean ${near}?`
    })
  }
}

function findNoMatch(
  pattern: TopicPattern,
  names: readonly string[],
  othersMatch: boolean,
  mayAppear: boolean,
  findings: FindingList
): void {
  if (names.some((name) => pattern.matches(name))) return
  const partly = names.filter((name) => pattern.occursIn(name))
  const finding = {
    code: 'MR_PATTERN_MATCHES_NOTHING',
    message: `Pattern ${pattern.text} of topics.include matches no topic of the source, which has ${existing(names)}.`,
    next: partly.length > 0 ? wholeName(pattern, partly) : 'Correct the pattern, or wait for such topics to appear.'
  }
  if (mayAppear || othersMatch) findings.warn(finding)
  else findings.refuse(finding)
}

/** An exclusion that is silently without effect copies what somebody wanted kept out. */
function findWholeNameMistake(pattern: TopicPattern, chosen: readonly string[], findings: FindingList): void {
  const partly = chosen.filter((name) => pattern.occursIn(name))
  if (partly.length === 0) return
  findings.warn({
    code: 'MR_PATTERN_WHOLE_NAME',
    message: `Pattern ${pattern.text} of topics.exclude does not exclude ${someNames(partly)}.`,
    next: wholeName(pattern, partly)
  })
}

function wholeName(pattern: TopicPattern, partly: readonly string[]): string {
  const wider = `/.*${pattern.text.slice(1, -1)}.*/`
  return `A pattern without ^ or $ must match the whole name: write ${wider} if ${someNames(partly)} is meant.`
}

function findDefaultExclusions(selection: TopicSelection, names: readonly string[], findings: FindingList): void {
  // Kafka's own topics match every wide pattern and nobody misses them.
  const left = names.filter((name) => !name.startsWith('__') && selection.verdict(name) === 'excluded by default')
  if (left.length === 0) return
  findings.warn({
    code: 'MR_EXCLUDED_BY_DEFAULT',
    message: `Left out as internal although a pattern matches: ${someNames(left.toSorted())}.`,
    next: 'To mirror one of them, name it in topics.include.'
  })
}

function existing(names: readonly string[]): string {
  const own = names.filter((name) => !name.startsWith('__')).toSorted()
  return own.length === 0 ? 'none' : someNames(own)
}
