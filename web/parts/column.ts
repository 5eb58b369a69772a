import type { ComponentChildren } from 'preact'
import type { CsvValue } from '../format/csv.ts'
import type { SortValue } from './sort-rows.ts'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Said on hover over the head. */
  readonly help?: string
  /** By which it is sorted, filtered and copied: exact, in base units. */
  readonly value: (row: Row) => SortValue
  /** What is shown; absent = the value. */
  readonly cell?: (row: Row) => ComponentChildren
  /** For the copy as CSV, when it is not `value`. */
  readonly csv?: (row: Row) => CsvValue
  readonly align?: 'end'
  /** In pixels; absent = shares what is left. The sum is the least width of the table, with 160 for each without. */
  readonly width?: number
  /** Not below 720 pixels. */
  readonly isWideOnly?: boolean
  /** Not shown until it is chosen. */
  readonly isExtra?: boolean
  /** The filter does not look into it. */
  readonly isUnfiltered?: boolean
}

/** The least width of one without `width`. */
export const SHARED_WIDTH = 160
