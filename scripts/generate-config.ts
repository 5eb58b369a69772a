/*
 * Writes what is generated from the options (config/default.yaml, config/schema.json, docs/configuration.md) and from the
 * table of metrics (docs/metrics.md). Run it after a change of either: npx tsx scripts/generate-config.ts
 */
import { writeFileSync } from 'node:fs'
import { jsonSchema } from '../src/config/json-schema.ts'
import { defaultYaml } from './default-yaml.ts'
import { metricsMarkdown } from './metrics-markdown.ts'
import { referenceMarkdown } from './reference-markdown.ts'

export const generated: Readonly<Record<string, () => string>> = {
  'config/default.yaml': defaultYaml,
  'config/schema.json': () => `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  'docs/configuration.md': referenceMarkdown,
  'docs/metrics.md': metricsMarkdown
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(generated)) writeFileSync(new URL(`../${path}`, import.meta.url), text())
}
