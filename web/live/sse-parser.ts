export interface ServerSentEvent {
  /** The last id that was seen, also by an earlier event. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/**
 * text/event-stream as the HTML standard says, cut anywhere.
 *
 * Invariant: `rest` has no complete line; `data` is that of the event whose empty line has not come yet.
 */
export class SseParser {
  private rest = ''
  private data: string[] = []
  private event = ''
  lastEventId: string

  constructor(lastEventId = '') {
    this.lastEventId = lastEventId
  }

  push(chunk: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = []
    const text = this.rest + chunk
    // A \r at the end may be the first half of \r\n.
    const end = text.endsWith('\r') ? text.length - 1 : text.length
    const lines = text.slice(0, end).split(/\r\n|\n|\r/)
    this.rest = (lines.pop() ?? '') + text.slice(end)
    for (const line of lines) {
      const event = this.line(line)
      if (event) events.push(event)
    }
    return events
  }

  private line(line: string): ServerSentEvent | undefined {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.data.push(value)
    else if (field === 'event') this.event = value
    else if (field === 'id' && !value.includes('\0')) this.lastEventId = value
    return undefined
  }

  private dispatch(): ServerSentEvent | undefined {
    const { data, event } = this
    this.data = []
    this.event = ''
    if (data.length === 0) return undefined
    return { id: this.lastEventId, event: event || 'message', data: data.join('\n') }
  }
}
