import { render } from 'preact'
import { App } from './app/app.tsx'
import { followLinks } from './app/location.ts'
import { listenForShortcuts } from './app/shortcuts.ts'
import { followSystemTheme } from './app/theme.ts'
import '@picocss/pico/css/pico.min.css'
import './styles/console.css'

followSystemTheme()
followLinks()
listenForShortcuts()

const root = document.getElementById('app')
if (root) render(<App />, root)
