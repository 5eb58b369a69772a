import type { Plugin } from 'vite'

/** What the console has none of, or styles itself: elements, roles and classes in a selector. */
const UNUSED = new RegExp(
  [
    'dropdown|tooltip|breadcrumb|striped|:host|\\[dir=rtl\\]|data-theme=dark',
    '\\[role=(search|group|switch|link|button)\\]|\\[type=(range|color|file|search|time|week|month|reset|image)\\]',
    '\\.(outline|secondary|contrast|grid|container|container-fluid|overflow-auto|close|modal-is|modal-open)',
    '(^|[\\s,>(])(progress|hgroup|blockquote|figure|figcaption|ins|del|mark|abbr|audio|video|iframe|canvas|nav|aside|address|optgroup|sub|sup|tfoot|samp|hr|template)(?![\\w-])'
  ].join('|')
)

/** The dark theme that follows the system: it would win over ours where nothing is chosen. */
const SYSTEM_THEME = ':not([data-theme])'

/**
 * Pico in a layer of its own, below all our rules, without what the console does not use: half of it. Themes are ours
 * (styles/tokens.css), so of Pico's two only the light one stays, as the default of what tokens.css does not say.
 */
export function trimPico(ownStyles: () => string): Plugin {
  return {
    name: 'trim-pico',
    enforce: 'pre',
    transform(css, id) {
      return /@picocss.pico.css/.test(id) ? `@layer pico{${trimCss(css, ownStyles())}}` : undefined
    }
  }
}

export function trimCss(css: string, ownStyles: string): string {
  let trimmed = withoutUnused(css.replace(/^@charset "[^"]*";|\/\*[\s\S]*?\*\//g, '').replace(/\/\*[\s\S]*?\*\//g, ''))
  for (let before = ''; before !== trimmed;) {
    before = trimmed
    trimmed = withoutUnusedProperties(trimmed, ownStyles)
  }
  return trimmed
}

/** Rules whose every selector is unused go; at-rules that are empty then, too. */
function withoutUnused(css: string): string {
  return blocksOf(css)
    .map(({ head, body }) => {
      if (/^@(media|supports)/.test(head)) {
        const inner = withoutUnused(body)
        return inner === '' ? '' : `${head}{${inner}}`
      }
      if (head.startsWith('@')) return `${head}{${body}}`
      const selectors = splitOutside(head, ',').filter(isUsed)
      return selectors.length === 0 ? '' : `${selectors.join(',')}{${body}}`
    })
    .join('')
}

function isUsed(selector: string): boolean {
  // What a selector leaves out is not what it is for.
  const positive = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, '')
  return !selector.includes(SYSTEM_THEME) && !UNUSED.test(positive)
}

/** Custom properties that nothing reads. */
function withoutUnusedProperties(css: string, ownStyles: string): string {
  return css.replace(/(--pico-[\w-]+):((?:"[^"]*"|\([^)]*\)|[^;}"(])*)(;?)/g, (declaration: string, name: string) =>
    new RegExp(`var\\(${name}[,)]`).test(css) || ownStyles.includes(`var(${name})`) ? declaration : ''
  )
}

function blocksOf(css: string): { readonly head: string; readonly body: string }[] {
  const blocks: { head: string; body: string }[] = []
  let depth = 0
  let begin = 0
  let open = 0
  let quote = ''
  for (let at = 0; at < css.length; at++) {
    const character = css.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '{' && depth++ === 0) open = at
    else if (character === '}' && --depth === 0) {
      blocks.push({ head: css.slice(begin, open).trim(), body: css.slice(open + 1, at) })
      begin = at + 1
    }
  }
  return blocks
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let begin = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '(' || character === '[') depth++
    else if (character === ')' || character === ']') depth--
    else if (character === separator && depth === 0) {
      parts.push(text.slice(begin, at))
      begin = at + 1
    }
  }
  return [...parts, text.slice(begin)]
}
