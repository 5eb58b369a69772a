import { leafAt, pathsOf } from '../src/config/assignments.ts'
import { variableOf } from '../src/config/collect-environment.ts'
import { jobOptions } from '../src/config/job-options.ts'
import { type Option, isOption } from '../src/config/option.ts'
import { describeFormat } from '../src/config/parse-value.ts'
import { defaultText, orInstead } from './default-yaml.ts'

/** `docs/configuration.md`: the reference. */
export function referenceMarkdown(): string {
  return [
    '# Configuration',
    '',
    '<!-- Generated from the options themselves; do not edit. -->',
    '',
    introduction,
    '',
    '## Options',
    '',
    ...pathsOf(jobOptions).flatMap((path) => optionMarkdown(path, leafAt(jobOptions, path)))
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

const introduction = `One YAML (or JSON) file describes a job; \`config/examples\` has some, \`config/default.yaml\` has every option with its
default, and \`config/schema.json\` lets an editor complete and check.

- **Precedence.** \`--set key=value\` over environment variable over file over default. Maps are merged entry by entry, lists
  are replaced. An empty variable counts as not set.
- **Flags.** \`--set target.bootstrapServers=kafka-b:9092\`. Lists and maps are written as YAML:
  \`--set 'topics.include=[orders, /^payments-/]'\`. What comes after the name of a map is the key:
  \`--set source.properties.fetch.max.bytes=16777216\`, \`--set start.offsets.orders.0=42\`.
- **Sizes** are a number of bytes or have a unit: \`64kB\`, \`512MiB\`. **Durations** are a number of milliseconds or have units:
  \`250ms\`, \`1m30s\`. **Times** are RFC 3339 and must have a zone: \`2026-01-31T12:00:00Z\`.
- **Secrets** are best written as references, \`\${file:PATH}\` or \`\${env:NAME}\`, anywhere in a value of \`security\` or
  \`properties\`. They are looked up when a client is made; the line break at the end of a file isn't part of the secret.
  Whatever is or looks like a secret is redacted wherever a configuration is shown.
- **Connections.** A job of \`millrace serve\` may name a connection, \`source.connection: kafka-a\`, instead of an address
  and security ([service.md](service.md)).
- **Paths** are relative to the working directory.
- **Properties** go to librdkafka. Java's spellings are translated (\`compression.type\`, \`max.partition.fetch.bytes\`,
  \`sasl.jaas.config\`, …). A property that millrace has to set itself is refused with the reason, and so is one that only the
  Java client has. Kerberos and OAuth log in by properties: \`sasl.mechanisms: GSSAPI\` with \`sasl.kerberos.*\`,
  \`sasl.mechanisms: OAUTHBEARER\` with \`sasl.oauthbearer.*\`, and \`security.protocol\` as usual.
- **Mistakes** are told all at once, each with file, line and column, or with the flag or the variable.`

function optionMarkdown(path: readonly string[], option: Option): string[] {
  const fallback = option.defaultDoc ?? (option.default === null ? 'none' : `\`${defaultText(option)}\``)
  const rows = [
    `- Value: ${markdownFormat(option)}`,
    option.required === true ? `- Required${orInstead(option)}` : `- Default: ${fallback}`,
    `- Variable: \`${variableOf(path)}\``,
    ...(option.example === undefined ? [] : [`- Example: \`${option.example}\``])
  ]
  return [`### ${path.join('.')}`, '', option.doc, '', ...rows, '', ...innerMarkdown(option)]
}

/** What the entries of a map are, where they are more than a value. */
function innerMarkdown({ of }: Option): string[] {
  if (of === undefined || isOption(of)) return []
  const rows = Object.entries(of).map(([name, option]) => {
    return isOption(option) ? `- \`${name}\` (${describeFormat(option)}): ${option.doc}` : `- \`${name}\``
  })
  return ['For each key:', '', ...rows, '']
}

function markdownFormat(option: Option): string {
  const { of, min, max, format } = option
  const range = [
    ...(min === undefined ? [] : [`at least ${bound(min, format)}`]),
    ...(max === undefined ? [] : [`at most ${bound(max, format)}`])
  ].join(', ')
  const items = format === 'list' && of !== undefined && isOption(of) ? ` of: ${describeFormat(of)}` : ''
  return `${describeFormat(option)}${items}${range === '' ? '' : `, ${range}`}`
}

function bound(value: number, format: Option['format']): string {
  if (format === 'size') return `${value / 2 ** 20}MiB`
  return format === 'duration' ? (value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`) : String(value)
}
