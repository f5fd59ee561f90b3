import { setImmediate } from 'node:timers/promises'
import type { Neighbour } from '../../domain/search.js'
import { dot } from '../../domain/template.js'
import { EqualFeatures } from './equal-features.js'
import type { HnswGraph } from './hnsw-graph.js'
import { NodeTable } from './node-table.js'

/**
 * Breadths of the self-probe, the narrow one first: what a narrow search finds a broader one finds too, because the steps of
 * the narrow one are the beginning of the other's. 10,000 × 128: 0.2 ms instead of 1 ms for nearly all.
 */
const PROBE_BREADTHS = [64, 800] as const
/** Nodes read from a file between which other calls get their turn. */
const RESTORE_SLICE = 256

/** The graph over references: duplicates share a node, and what cannot be found again is not held. */
export class ReferenceGraph {
  readonly #graph: HnswGraph
  readonly #table: NodeTable
  readonly #equals: EqualFeatures
  #removedCount = 0

  constructor(graph: HnswGraph, table: NodeTable = new NodeTable()) {
    this.#graph = graph
    this.#table = table
    this.#equals = new EqualFeatures((label) => graph.featuresAt(label))
  }

  /**
   * The graph and the table of a snapshot, looked through node by node.
   * @throws Error when they do not belong together, or a node holds no features
   */
  static async restore(graph: HnswGraph, table: NodeTable): Promise<ReferenceGraph> {
    const restored = new ReferenceGraph(graph, table)
    for (let label = 0; label < graph.nodeCount; label++) {
      restored.#restoreNode(label)
      if (label % RESTORE_SLICE === 0) await setImmediate()
    }
    return restored
  }

  get hnsw(): HnswGraph {
    return this.#graph
  }

  get table(): NodeTable {
    return this.#table
  }

  get nodeCount(): number {
    return this.#graph.nodeCount
  }

  /** Nodes that stood for someone and do not any more: they cost time in every search. */
  get removedCount(): number {
    return this.#removedCount
  }

  /**
   * A known reference is replaced.
   * @returns whether it can be found now; if not, the graph does not hold it
   * @throws DomainError INVALID_ARGUMENT when the features are not finite, of the right length and norm
   */
  add(referenceId: number, features: Float32Array): boolean {
    this.remove(referenceId)
    const label = this.#equals.find(features) ?? this.#addNode(features)
    if (label === null) return false
    this.#table.add(referenceId, label)
    return true
  }

  remove(referenceId: number): void {
    const label = this.#table.remove(referenceId)
    if (label === null) return
    this.#graph.markDeleted(label)
    this.#removedCount++
  }

  /** Most similar first; ties by ascending reference id. */
  search(probe: Float32Array, countMax: number, breadth: number): readonly Neighbour[] {
    return this.#graph
      .search(probe, countMax, breadth)
      .flatMap(({ label, score }) => this.#neighboursAt(label, score, countMax))
      .sort((a, b) => b.score - a.score || a.referenceId - b.referenceId)
      .slice(0, countMax)
  }

  /** Whether these features are the reference's, and lead to it. */
  finds(referenceId: number, features: Float32Array): boolean {
    const label = this.#table.labelOf(referenceId)
    return label !== undefined && this.#equals.find(features) === label && this.#isFound(label, features)
  }

  #addNode(features: Float32Array): number | null {
    const label = this.#graph.add(features)
    if (this.#isFound(label, features)) {
      this.#equals.add(features, label)
      return label
    }
    this.#graph.markDeleted(label)
    return null
  }

  #isFound(label: number, features: Float32Array): boolean {
    return PROBE_BREADTHS.some((breadth) =>
      this.#graph.search(features, breadth, breadth).some((found) => found.label === label),
    )
  }

  #neighboursAt(label: number, score: number, countMax: number): readonly Neighbour[] {
    const ids = this.#table.idsOf(label)
    const least = ids.length > countMax ? ids.toSorted((a, b) => a - b).slice(0, countMax) : ids
    return least.map((referenceId) => ({ referenceId, score }))
  }

  #restoreNode(label: number): void {
    const features = this.#graph.featuresAt(label)
    if (this.#table.idsOf(label).length === 0) {
      if (features !== null) this.#graph.markDeleted(label)
      this.#removedCount++
      return
    }
    if (features === null) throw new Error('a reference of the table has no node')
    const node = Float32Array.from(features)
    if (!(Math.abs(dot(node, node) - 1) <= 0.01)) throw new Error('a node without features')
    this.#equals.add(features, label)
  }
}
