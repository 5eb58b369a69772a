import { computed, signal } from '@preact/signals'
import { readStored, writeStored } from './stored.ts'

export type Theme = 'system' | 'light' | 'dark'

const systemIsDark = signal(false)
export const theme = signal<Theme>(asTheme(readStored('theme')))
export const isDark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'))

export function setTheme(next: Theme): void {
  theme.value = next
  writeStored('theme', next === 'system' ? null : next)
  apply()
}

export function followSystemTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  systemIsDark.value = dark.matches
  dark.addEventListener('change', () => (systemIsDark.value = dark.matches))
  apply()
}

function apply(): void {
  if (theme.value === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
}

function asTheme(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : 'system'
}
