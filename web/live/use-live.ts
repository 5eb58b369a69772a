import { useEffect, useRef } from 'preact/hooks'
import type { StreamMessage } from '../../src/api/contract.ts'
import { liveStream } from './live-stream.ts'

/** The page decides what comes ("jobs=1", "job=orders&log=info"); '' = only alarms and health. */
export function useStream(query: string): void {
  useEffect(() => {
    liveStream.open(query)
  }, [query])
}

export function useLive(onMessage: (message: StreamMessage) => void): void {
  const latest = useRef(onMessage)
  latest.current = onMessage
  useEffect(() => liveStream.listen((message) => latest.current(message)), [])
}
