const LIGHT = ['#0969da', '#bc4c00', '#1a7f37', '#8250df', '#bf3989', '#6e7781']
const DARK = ['#4493f8', '#f0883e', '#3fb950', '#ab7df8', '#db61a2', '#9198a1']
/** Further series begin again. */
export const COLOURS = LIGHT.length

const STYLE = `text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:14px}.quiet{fill:#57606a}
.page{fill:#fff}.grid{stroke:#d8dee4}.axis{stroke:#8c959f}.line{fill:none;stroke-width:2}.ours{fill:#0969da}.other{fill:#afb8c1}
${seriesStyle(LIGHT)}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9198a1}
.page{fill:#0d1117}.grid{stroke:#30363d}.axis{stroke:#6e7681}.ours{fill:#4493f8}.other{fill:#656c76}
${seriesStyle(DARK)}}`

/** A picture with its own background: readable on light and dark pages, whoever shows it. */
export function svgDocument(
  size: { readonly width: number; readonly height: number },
  title: string,
  parts: readonly string[]
): string {
  const { width, height } = size
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    text(16, 26, title, 'title'),
    ...parts,
    '</svg>'
  ].join('\n')}\n`
}

export function text(
  x: number,
  y: number,
  content: string,
  classes = '',
  anchor: 'start' | 'middle' | 'end' = 'start'
): string {
  const place = `x="${round(x)}" y="${round(y)}"`
  const kind = classes === '' ? '' : ` class="${classes}"`
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text ${place}${kind}${side}>${escapeText(content)}</text>`
}

/** Nobody sees less than a tenth of a pixel, and the files stay the same. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function seriesStyle(colours: readonly string[]): string {
  return colours.map((colour, index) => `.c${index} .line{stroke:${colour}}.c${index} .dot{fill:${colour}}`).join('')
}
