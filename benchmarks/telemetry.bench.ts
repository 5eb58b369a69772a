import { freePort } from '../test/helpers/free-port.ts'
import { startOtlpReceiver } from '../test/helpers/otlp-receiver.ts'
import { PARTITIONS, chooseShapes } from './harness/shapes.ts'
import { buildLoader } from './harness/source-topic.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Bar, Measured } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { MirrorBench } from './mirror/mirror-bench.ts'
import type { PairedRatio } from './mirror/mirror-details.ts'
import { mirrorResults } from './mirror/mirror-results.ts'
import { millrace, type MillraceVariant } from './peers/millrace.ts'

const DEFAULT_PAIRS = 15
const TRACED = 0.01
const SCRAPE_MS = 5000
const MOST_OVERHEAD = 1.03

/** What it costs to be seen: millrace that exports metrics and traces next to millrace that exports nothing. */
export const telemetry: Suite = {
  name: 'telemetry',
  description: 'what metrics and traces cost, in CPU per record',
  defaultSize: `100 B, ${DEFAULT_PAIRS} pairs, 8 minutes`,
  options: ['quick', 'records', 'shapes', 'pairs', 'directory'],
  run: runTelemetry
}

async function runTelemetry(options: SuiteOptions): Promise<Measured> {
  const { quick, records, directory, log, pairs = DEFAULT_PAIRS } = options
  const shapes = chooseShapes(options.shapes ?? ['100B'], { quick, records })
  const receiver = await startOtlpReceiver()
  const listen = `127.0.0.1:${await freePort()}`
  const peers = [millrace(seen(listen, receiver.url)), millrace()]
  const scraper = scrape(`http://${listen}/metrics`)
  try {
    const bench = await withClusters(directory, async (clusters) => {
      const loader = await buildLoader(clusters.directory)
      const started = new MirrorBench({ clusters, loader, verify: false, log })
      await started.runPairs(peers, shapes, pairs)
      return started
    })
    const measured = mirrorResults({
      partitions: PARTITIONS,
      shapes,
      peers: peers.map((peer) => ({
        name: peer.name,
        title: peer.title,
        settings: Object.fromEntries(shapes.map((shape) => [shape.name, peer.settings(shape)]))
      })),
      checked: 'counts and a sample',
      measurements: bench.measurements(peers, shapes),
      paired: bench.paired,
      sweeps: []
    })
    const traced = receiver.requests.filter(({ path }) => path === '/v1/traces').length
    const exported = `${scraper.scrapes} scrapes and ${traced} requests with traces were answered meanwhile.`
    return {
      ...measured,
      note: `${measured.note}\n\n${exported}`,
      bars: bench.paired.map(overheadBar),
      failures: [
        ...measured.failures,
        ...(scraper.scrapes === 0 ? ['nobody could scrape /metrics: there was nothing to pay for'] : []),
        ...(traced === 0 ? ['no trace was exported: there was nothing to pay for'] : [])
      ]
    }
  } finally {
    scraper.stop()
    await receiver.close()
  }
}

function seen(listen: string, endpoint: string): MillraceVariant {
  return {
    name: 'millrace-seen',
    title: `millrace with metrics (scraped every ${SCRAPE_MS / 1000} s) and ${TRACED * 100} % of its batches traced`,
    configuration: {
      http: { listen },
      traces: { export: 'otlp', ratio: TRACED },
      otlp: { endpoint }
    }
  }
}

/** As Prometheus does it; a mirror that isn't there yet is no error. */
function scrape(url: string): { readonly scrapes: number; stop(): void } {
  let scrapes = 0
  const look = async (): Promise<void> => {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok === true && (await response.text()).includes('millrace_records')) scrapes += 1
  }
  const timer = setInterval(() => void look(), SCRAPE_MS)
  return {
    get scrapes() {
      return scrapes
    },
    stop: () => clearInterval(timer)
  }
}

function overheadBar({ shape, median, low, high, ratios }: PairedRatio): Bar {
  return {
    what: `${shape}: CPU per record with metrics and ${TRACED * 100} % of traces ÷ without, upper end of the 95 % interval`,
    measured: `${high.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}, median ${median.toFixed(3)}, ${ratios.length} pairs)`,
    wanted: `≤ ${MOST_OVERHEAD}`,
    met: high <= MOST_OVERHEAD
  }
}
