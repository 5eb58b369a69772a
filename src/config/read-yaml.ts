import { LineCounter, type Node, type Scalar, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { Given } from './given.ts'

/** Deeper nesting, or more values, is no configuration but an accident (or aliases that multiply). */
const MAX_DEPTH = 20
const MAX_NODES = 200_000

/** `at` says where an offset of the text is, in words for people. */
export interface YamlText {
  readonly text: string
  readonly at: (line: number, column: number) => string
  readonly report: (at: string, problem: string) => void
}

/** Reads YAML 1.2 (or JSON); undefined when it can't be read, which `report` is told. */
export function readYaml({ text, at, report }: YamlText): Given | undefined {
  const lineCounter = new LineCounter()
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset)
    return at(Math.max(1, line), Math.max(1, col))
  }
  // Not pretty: pretty errors quote the line, and a line may have a password in it.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: false })
  for (const error of document.errors) {
    const message = error.code === 'MULTIPLE_DOCS' ? 'must be one document' : lowerFirst(error.message)
    report(place(error.pos[0]), message)
  }
  if (document.errors.length > 0) return undefined
  const reading = { document, place, report, nodes: 0, broken: false }
  const given = toGiven(document.contents, reading, 0)
  return reading.broken ? undefined : given
}

interface Reading {
  readonly document: Document
  readonly place: (offset: number) => string
  readonly report: (at: string, problem: string) => void
  nodes: number
  broken: boolean
}

function toGiven(node: Node | null, reading: Reading, depth: number): Given {
  const at = reading.place(node?.range?.[0] ?? 0)
  const nothing = { kind: 'nothing', at } as const
  if (node === null || reading.broken) return nothing
  reading.nodes += 1
  if (depth > MAX_DEPTH || reading.nodes > MAX_NODES) return broken(reading, at, 'nested too deeply or too large')
  if (isAlias(node)) {
    const target = node.resolve(reading.document)
    return target === undefined ? broken(reading, at, `no anchor &${node.source}`) : toGiven(target, reading, depth + 1)
  }
  if (isSeq(node)) {
    return { kind: 'list', at, items: node.items.map((item) => toGiven(item as Node | null, reading, depth + 1)) }
  }
  if (isMap(node)) {
    const entries = node.items.map((pair) => {
      const keyNode = pair.key as Node | null
      const keyAt = keyNode === null ? at : reading.place(keyNode.range?.[0] ?? 0)
      if (keyNode !== null && !isScalar(keyNode)) broken(reading, keyAt, 'a key must be a single word')
      const key = isScalar(keyNode) ? textOf(keyNode) : ''
      const value = toGiven(pair.value as Node | null, reading, depth + 1)
      return { key, keyAt, value: value.kind === 'nothing' ? { ...value, at: keyAt } : value }
    })
    return { kind: 'map', at, entries }
  }
  if (!isScalar(node) || node.value === null || node.value === undefined) return nothing
  const value = node.value
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', at, value, text: textOf(node) }
  return { kind: 'scalar', at, value: textOf(node), text: textOf(node) }
}

function broken(reading: Reading, at: string, problem: string): Given {
  if (!reading.broken) reading.report(at, problem)
  reading.broken = true
  return { kind: 'nothing', at }
}

function textOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
