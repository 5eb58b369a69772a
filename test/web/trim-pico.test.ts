import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { trimCss } from '../../web/trim-pico.ts'

describe('trimCss', () => {
  it('a selector that only leaves out what is unused stays', () => {
    expect(trimCss('input:not([type=range],[type=color]){width:100%}', '')).toBe(
      'input:not([type=range],[type=color]){width:100%}'
    )
  })

  it('of a list the unused selectors go; of a rule without selectors nothing stays, nor of its media', () => {
    expect(trimCss('progress,button{color:red}@media print{.dropdown{color:red}}', '')).toBe('button{color:red}')
  })

  it('properties that are read stay, by whom ever; the others go, also when only one of those read them', () => {
    const css = ':root{--pico-a:1;--pico-b:var(--pico-a);--pico-c:url("x;}{y");--pico-d:2;}p{color:var(--pico-d)}'
    expect(trimCss(css, 'a{color:var(--pico-c)}')).toBe(
      ':root{--pico-c:url("x;}{y");--pico-d:2;}p{color:var(--pico-d)}'
    )
  })

  it('the system theme of Pico does not win over ours', () => {
    const pico = readFileSync(createRequire(import.meta.url).resolve('@picocss/pico/css/pico.min.css'), 'utf8')
    const trimmed = trimCss(pico, '')
    expect(trimmed).not.toContain('prefers-color-scheme')
    expect(trimmed).toContain('button')
    expect(trimmed).toContain('dialog')
    expect([...trimmed].filter((character) => character === '{').length).toBe(
      [...trimmed].filter((character) => character === '}').length
    )
  })
})
