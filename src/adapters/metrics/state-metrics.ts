import { Counter, Gauge, type Registry } from 'prom-client'
import type { AnalysisLoad, ServiceState } from '../../domain/metrics.js'
import type { GraphState, GraphStatus, IndexStatus, RecallAudit } from '../../domain/search.js'

const INDEX_STATES: readonly IndexStatus['state'][] = ['loading', 'ready', 'recovering']
/** `none`: the service runs without a graph. */
const GRAPH_STATES: readonly (GraphState | 'none')[] = ['building', 'ready', 'down', 'none']

/**
 * How the service is, copied from its state before each scrape.
 * A state is one series for each value that it can have, 1 for the one that it has. Shards are numbered, at most one for each worker.
 */
export class StateMetrics {
  readonly #gauge
  readonly #counter

  constructor(registry: Registry) {
    const registers = [registry]
    const gauge = (name: string, help: string, ...labelNames: string[]) =>
      new Gauge({ name: `portcullis_${name}`, help, labelNames, registers })
    const counter = (name: string, help: string) => new Counter({ name: `portcullis_${name}`, help, registers })
    this.#counter = {
      checked: counter('recall_checked_total', 'Neighbours that the exact scan proved to belong to answers.'),
      missed: counter('recall_missed_total', 'Of those, how many the graph had missed.'),
      recoveries: counter('index_recoveries_total', 'Times that the index was loaded again since the start.'),
    }
    this.#gauge = {
      missRate: gauge(
        'recall_miss_rate_upper95',
        'Upper end of the 95 % interval of the share missed; 1 when unchecked.',
      ),
      graphState: gauge('graph_state', '1 for the state that the graph is in.', 'state'),
      graphNodes: gauge('graph_nodes', 'Templates that the graph holds; equal ones share a node.'),
      graphPending: gauge('graph_pending_references', 'Acknowledged references that the graph does not hold yet.'),
      graphBreadth: gauge('graph_breadth', 'Breadth of the graph search (ef); it grows with every confirmed miss.'),
      snapshotAge: gauge('graph_snapshot_age_seconds', 'Age of the graph snapshot on the disk; absent without one.'),
      indexState: gauge('index_state', '1 for the state that the index is in; only a ready one answers.', 'state'),
      references: gauge('index_references', 'References that can be searched.'),
      exceptions: gauge(
        'index_exceptions',
        'References that quantisation fits badly: they are always compared in full.',
      ),
      shardBytes: gauge('index_shard_bytes', 'Memory of each shard of the exact scan.', 'shard'),
      images: gauge('analysis_images', 'Images with the workers: working, or waiting for one.', 'state'),
      imagesMax: gauge('analysis_images_max', 'Images that the workers accept; one more is told OVERLOADED.'),
      space: gauge('template_space_info', '1 for the template space that is searched.', 'space'),
      models: gauge('model_info', '1 for each model in use, by id and start of its sha256.', 'model'),
    }
  }

  show({ index, analysis, algorithm, modelIds, nowMs }: ServiceState): void {
    this.#showIndex(index)
    this.#showAudit(index.audit)
    this.#showGraph(index.graph, nowMs)
    this.#showAnalysis(analysis)
    for (const gauge of [this.#gauge.space, this.#gauge.models]) gauge.reset()
    this.#gauge.space.set({ space: algorithm }, 1)
    for (const model of modelIds) this.#gauge.models.set({ model }, 1)
  }

  #showIndex({ state, referenceCount, shards, recoveryCount }: IndexStatus): void {
    const { indexState, references, exceptions, shardBytes } = this.#gauge
    for (const each of INDEX_STATES) indexState.set({ state: each }, Number(each === state))
    references.set(referenceCount)
    exceptions.set(shards.reduce((sum, { exceptionCount }) => sum + exceptionCount, 0))
    shardBytes.reset()
    shards.forEach(({ bytes }, i) => shardBytes.set({ shard: String(i) }, bytes))
    setTo(this.#counter.recoveries, recoveryCount)
  }

  #showAudit({ checkedCount, missedCount, missRateUpper95 }: RecallAudit): void {
    setTo(this.#counter.checked, checkedCount)
    setTo(this.#counter.missed, missedCount)
    this.#gauge.missRate.set(missRateUpper95)
  }

  #showGraph(graph: GraphStatus | null, nowMs: number): void {
    const { graphState, graphNodes, graphPending, graphBreadth, snapshotAge } = this.#gauge
    for (const state of GRAPH_STATES) graphState.set({ state }, Number(state === (graph?.state ?? 'none')))
    graphNodes.set(graph?.nodeCount ?? 0)
    graphPending.set(graph?.pendingCount ?? 0)
    graphBreadth.set(graph?.breadth ?? 0)
    const madeAtMs = graph?.snapshotAtMs ?? null
    if (madeAtMs === null) snapshotAge.remove()
    else snapshotAge.set(Math.max(0, nowMs - madeAtMs) / 1_000)
  }

  #showAnalysis({ workingCount, waitingCount, countMax }: AnalysisLoad): void {
    const { images, imagesMax } = this.#gauge
    images.set({ state: 'working' }, workingCount)
    images.set({ state: 'waiting' }, waitingCount)
    imagesMax.set(countMax)
  }
}

/** The service counts these itself; the counter only shows them. */
function setTo(counter: Counter, count: number): void {
  counter.reset()
  counter.inc(count)
}
