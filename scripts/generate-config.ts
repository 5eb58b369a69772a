/*
 * Writes what is generated from the options: config/default.yaml, config/schema.json, docs/configuration.md.
 * Run it after a change of an options.ts: npx tsx scripts/generate-config.ts
 */
import { writeFileSync } from 'node:fs'
import { jsonSchema } from '../src/config/json-schema.ts'
import { defaultYaml } from './default-yaml.ts'
import { referenceMarkdown } from './reference-markdown.ts'

export const generated: Readonly<Record<string, () => string>> = {
  'config/default.yaml': defaultYaml,
  'config/schema.json': () => `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  'docs/configuration.md': referenceMarkdown
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(generated)) writeFileSync(new URL(`../${path}`, import.meta.url), text())
}
