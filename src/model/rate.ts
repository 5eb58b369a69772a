/** How much may be copied in a second. What is absent is unlimited. */
export interface Rate {
  /** Keys and values, uncompressed. */
  readonly bytes?: number
  readonly records?: number
}

export function isLimited(rate: Rate): boolean {
  return rate.bytes !== undefined || rate.records !== undefined
}
