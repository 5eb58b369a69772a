import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** When the first certificate of a PEM file ends, in ms since 1970; null when the file can't be read as one. */
export function certificateExpiry(file: string): number | null {
  try {
    const end = Date.parse(new X509Certificate(readFileSync(file)).validTo)
    return Number.isFinite(end) ? end : null
  } catch {
    // What is wrong with it is said by whoever connects with it.
    return null
  }
}
