import { Counter, Histogram, type Registry } from 'prom-client'
import type { MeasuredCall, MeasuredEnrolment, MeasuredSearch, Metrics } from '../../domain/metrics.js'

/** From a search of a small gallery to the ten seconds that a traveller may have to wait; 1, 2.5, 5 in each decade. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** A scan of a million references compares a few dozen in full, one with bad bounds would compare thousands. */
const REFERENCES = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000]

/**
 * What happened, counted since the process started.
 *
 * Labels hold only what is one of a fixed few, so that the series stay bounded whatever callers send: names of registered methods
 * (a call of any other never passes the gate), and values of closed unions of `domain/`. Never a gallery, a subject or a call: their
 * number has no bound, and who is searched for is nobody's business who reads metrics.
 */
export class EventMetrics implements Metrics {
  readonly #calls
  readonly #callSeconds
  readonly #searches
  readonly #searchSeconds
  readonly #compared
  readonly #covered
  readonly #enrolments

  constructor(registry: Registry) {
    const registers = [registry]
    this.#calls = new Counter({
      name: 'portcullis_grpc_calls_total',
      help: 'gRPC calls that have ended, health checks included.',
      labelNames: ['method', 'status'],
      registers,
    })
    this.#callSeconds = new Histogram({
      name: 'portcullis_grpc_call_duration_seconds',
      help: 'From the arrival of a call to its end; a stream lasts as long as its caller keeps it open.',
      labelNames: ['method'],
      buckets: SECONDS,
      registers,
    })
    this.#searches = new Counter({
      name: 'portcullis_searches_total',
      help: 'Probes of 1:N. Mode and reason are "none" where there is none: an inconclusive probe was not searched.',
      labelNames: ['mode', 'outcome', 'reason'],
      registers,
    })
    this.#searchSeconds = new Histogram({
      name: 'portcullis_search_duration_seconds',
      help: 'The search of one probe in all its galleries, without the analysis of its image.',
      labelNames: ['mode'],
      buckets: SECONDS,
      registers,
    })
    this.#compared = new Histogram({
      name: 'portcullis_search_compared_references',
      help: 'References compared on their stored float32 features for one probe.',
      labelNames: ['mode'],
      buckets: REFERENCES,
      registers,
    })
    this.#covered = new Counter({
      name: 'portcullis_search_covered_references_total',
      help: 'References that answers covered: the sizes of the searched galleries, added up over all searches.',
      labelNames: ['mode'],
      registers,
    })
    this.#enrolments = new Counter({
      name: 'portcullis_enrolments_total',
      help: 'Encounters that were to be enrolled. Reason is "none" unless one was refused (not good enough) or failed.',
      labelNames: ['outcome', 'reason'],
      registers,
    })
  }

  called({ method, status, durationMs }: MeasuredCall): void {
    this.#calls.inc({ method, status })
    this.#callSeconds.observe({ method }, durationMs / 1_000)
  }

  searched(search: MeasuredSearch): void {
    const { outcome } = search
    const mode = 'mode' in search ? search.mode : 'none'
    this.#searches.inc({ mode, outcome, reason: 'reason' in search ? search.reason : 'none' })
    if (!('mode' in search)) return
    this.#searchSeconds.observe({ mode }, search.durationMs / 1_000)
    this.#compared.observe({ mode }, search.comparedCount)
    this.#covered.inc({ mode }, search.coveredCount)
  }

  enrolled(enrolment: MeasuredEnrolment): void {
    const { outcome } = enrolment
    this.#enrolments.inc({ outcome, reason: 'reason' in enrolment ? enrolment.reason : 'none' })
  }
}
