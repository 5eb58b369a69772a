import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// What was renamed or deleted in src must not live on in the package.
rmSync(fileURLToPath(new URL('../dist', import.meta.url)), { recursive: true, force: true })
