import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks'
import type { EventLoopDelay } from './worker-metrics.ts'

const RESOLUTION_MS = 20
const WINDOW_MS = 10_000

/** How late the event loop of this process is, over the last whole window of ten seconds (the first one as it grows). */
export class LoopDelayMeter {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  #began = performance.now()
  #window: EventLoopDelay | undefined

  constructor() {
    this.#histogram.enable()
  }

  read(): EventLoopDelay {
    if (performance.now() - this.#began >= WINDOW_MS) {
      this.#window = this.#present()
      this.#histogram.reset()
      this.#began = performance.now()
    }
    return this.#window ?? this.#present()
  }

  stop(): void {
    this.#histogram.disable()
  }

  /** The timer itself takes its resolution, which is no delay. */
  #present(): EventLoopDelay {
    const histogram = this.#histogram
    const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000)
    if (histogram.count === 0) return { p50: 0, p99: 0, max: 0 }
    return {
      p50: seconds(histogram.percentile(50)),
      p99: seconds(histogram.percentile(99)),
      max: seconds(histogram.max)
    }
  }
}
