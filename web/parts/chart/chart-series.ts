import type { HistorySeries } from '../../../src/api/contract.ts'

export interface ChartSeries {
  readonly name: HistorySeries
  readonly label: string
  /** A token of styles/tokens.css. */
  readonly color: string
}
