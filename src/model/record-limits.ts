/** What a target topic takes of a record. Absent = no limit, or none known. */
export interface RecordLimits {
  /** `max.message.bytes`: a request with one record in it, compressed. */
  readonly maxMessageBytes?: number
  /** How far a record's time may lie before the broker's, and after it. */
  readonly beforeMs?: number
  readonly afterMs?: number
  /** The topic is compacted: records without a key are refused. */
  readonly keyed?: boolean
}

/** The same at one moment, in a record's own terms. Infinite where there is no bound. */
export interface RecordBounds {
  /** Key and value. */
  readonly maxBytes: number
  /** Milliseconds since 1970. Records without a time are inside whatever the bounds. */
  readonly minTimestamp: number
  readonly maxTimestamp: number
  readonly keyed: boolean
}
