/** Series of a scrape in Prometheus' text format, by name and labels as they are written there. */
export type Scrape = ReadonlyMap<string, number>

export function parseScrape(text: string): Scrape {
  const series = new Map<string, number>()
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ')
    if (line !== '' && !line.startsWith('#')) series.set(line.slice(0, space), Number(line.slice(space + 1)))
  }
  return series
}

/** The sum of all series of this name that have these labels. */
export function sumOf(scrape: Scrape, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  let sum = 0
  for (const [series, value] of scrape) {
    if (series !== name && !series.startsWith(`${name}{`)) continue
    if (wanted.every((label) => series.includes(label))) sum += value
  }
  return sum
}
