import { PrometheusMetrics } from './adapters/metrics/prometheus-metrics.js'
import { startMetricsEndpoint, type MetricsEndpoint } from './api/metrics-endpoint.js'
import type { Config } from './config.js'
import { NO_METRICS, type Metrics, type ServiceState } from './domain/metrics.js'
import type { Logger } from './domain/ports.js'

/** Metrics as the configuration wants them. */
export interface ComposedMetrics {
  readonly events: Metrics
  /** Null where nobody is to look. @throws DomainError UNAVAILABLE for a port that is taken */
  serve(readState: () => ServiceState): Promise<MetricsEndpoint | null>
}

export function composeMetrics({ metricsPort: port }: Config, logger: Logger): ComposedMetrics {
  if (port === null) return { events: NO_METRICS, serve: async () => null }
  const metrics = new PrometheusMetrics()
  return {
    events: metrics.events,
    serve: (readState) =>
      startMetricsEndpoint({
        address: { host: '127.0.0.1', port },
        contentType: metrics.contentType,
        readMetrics: () => metrics.text(readState()),
        logger,
      }),
  }
}
