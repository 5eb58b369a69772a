import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// What was renamed or deleted in src must not live on in the package. The rest stays, for those who run it just now.
// dist/web is made by vite, which prunes it itself.
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const src = fileURLToPath(new URL('../src/', import.meta.url))
if (existsSync(dist)) {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = /^(.+?)(?:\.d\.ts|\.js\.map|\.js)$/.exec(file)?.[1]
    if (source !== undefined && !/^web[\\/]/.test(file) && !existsSync(`${src}${source}.ts`)) rmSync(`${dist}${file}`)
  }
}
