import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { trimPico } from './trim-pico.ts'

const STYLES = new URL('styles/', import.meta.url)
const ownStyles = () =>
  readdirSync(STYLES)
    .map((file) => readFileSync(new URL(file, STYLES), 'utf8'))
    .join('')

/** `npm run build:web` writes dist/web, which the service serves; `npx vite web` develops against a service on 8321. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [trimPico(ownStyles)],
  // The page may load nothing but files of its own: no data: URLs for scripts and fonts.
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8321' } }
})
