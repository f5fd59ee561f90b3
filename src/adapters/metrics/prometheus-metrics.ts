import { collectDefaultMetrics, Registry } from 'prom-client'
import type { ServiceState } from '../../domain/metrics.js'
import { EventMetrics } from './event-metrics.js'
import { StateMetrics } from './state-metrics.js'

/**
 * Metrics as Prometheus reads them. Beside those of the service (docs/metrics.md) there are those of the process and of Node, the
 * delay of the event loop among them, under the names that prom-client gives them everywhere.
 */
export class PrometheusMetrics {
  /** Take what happens. */
  readonly events: EventMetrics
  readonly #state: StateMetrics
  readonly #registry = new Registry()

  constructor() {
    this.events = new EventMetrics(this.#registry)
    this.#state = new StateMetrics(this.#registry)
    collectDefaultMetrics({ register: this.#registry })
  }

  /** The media type of `text()`. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** Everything, in the text format 0.0.4 of Prometheus. */
  async text(state: ServiceState): Promise<string> {
    this.#state.show(state)
    return this.#registry.metrics()
  }
}
