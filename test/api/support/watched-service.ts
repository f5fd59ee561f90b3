import { PrometheusMetrics } from '../../../src/adapters/metrics/prometheus-metrics.js'
import { startMetricsEndpoint, type MetricsEndpoint } from '../../../src/api/metrics-endpoint.js'
import type { ServiceState } from '../../../src/domain/metrics.js'
import type { IndexFactory } from '../../../src/services/references.js'
import { Scrape } from '../../support/scrape.js'
import { startService, type RunningService } from './running-service.js'

/** A running service with its metrics on a port of their own. */
export interface WatchedService {
  readonly service: RunningService
  readonly endpoint: MetricsEndpoint
  /** Over HTTP, as Prometheus does. */
  scrape(): Promise<Scrape>
  stop(): Promise<void>
}

export async function startWatchedService(makeIndex?: IndexFactory): Promise<WatchedService> {
  const metrics = new PrometheusMetrics()
  const service = await startService({ metrics: metrics.events }, makeIndex)
  const endpoint = await startMetricsEndpoint({
    address: { host: '127.0.0.1', port: 0 },
    contentType: metrics.contentType,
    readMetrics: () => metrics.text(stateOf(service)),
    logger: service.logger,
  })
  const scrape = async () => {
    const response = await fetch(`http://127.0.0.1:${endpoint.port}/metrics`)
    if (response.status !== 200) throw new Error(`a scrape was answered with ${response.status}`)
    return new Scrape(await response.text())
  }
  const stop = async () => {
    await endpoint.close()
    await service.stop()
  }
  return { service, endpoint, scrape, stop }
}

function stateOf({ references, analyser }: RunningService): ServiceState {
  const { algorithm, modelIds } = analyser.algorithm
  const analysis = { workingCount: analyser.inWorkCount, waitingCount: 0, countMax: 64 }
  return { index: references.status, analysis, algorithm, modelIds, nowMs: Date.now() }
}
