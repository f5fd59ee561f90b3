import type { Graph, GraphAnswer, GraphState, GraphStatus } from '../../../src/domain/search.js'
import { oracle } from './oracle.js'
import type { ReferenceList } from './reference-list.js'

/**
 * A graph that compares one by one and leaves out what it is told to: unlike a real one it misses on purpose, and always
 * the same references.
 */
export class SkippingGraph implements Graph {
  state: GraphState = 'ready'
  /** It never returns these. */
  readonly skipped = new Set<number>()
  /** It says itself that it does not hold these. */
  readonly notCovered = new Set<number>()
  broadenedCount = 0
  /** What `start` was told. */
  liveIds: readonly number[] = []
  /** What happens while a search of this graph is under way. */
  meanwhile: () => void = () => undefined
  readonly #list: ReferenceList

  constructor(list: ReferenceList) {
    this.#list = list
  }

  get status(): GraphStatus {
    const { state } = this
    return { state, nodeCount: this.#list.size, pendingCount: 0, breadth: 1, snapshotAtMs: null, reason: '' }
  }

  start(_source: unknown, liveIds: readonly number[]): void {
    this.liveIds = liveIds
  }

  add(): void {
    // It searches the list itself.
  }

  remove(): void {
    // It searches the list itself.
  }

  async search(probe: Float32Array, countMax: number): Promise<GraphAnswer | null> {
    const known = this.#list.all().filter(({ referenceId: id }) => !this.skipped.has(id) && !this.notCovered.has(id))
    const neighbours = oracle(known, { probe, countMax, scoreMin: -2, tags: null })
    this.meanwhile()
    return { neighbours, notCovered: [...this.notCovered] }
  }

  broaden(): void {
    this.broadenedCount++
  }

  async snapshot(): Promise<void> {
    throw new Error('nothing that could be kept')
  }

  rebuild(): void {
    // Nothing was built.
  }

  async close(): Promise<void> {
    this.state = 'down'
  }
}
