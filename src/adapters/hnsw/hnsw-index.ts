import { setImmediate } from 'node:timers/promises'
import type { IndexSearchResult, SearchIndex } from '../../domain/ports.js'
import { checkFeatures } from '../../domain/template.js'
import { Graph } from './graph.js'

/**
 * References from which a graph is built. Below it the exact scan takes at most 8 ms at 384 features (3.5 ms at 10,000; one core, gallery filter included),
 * and there is nothing to gain from an approximation.
 */
export const GRAPH_SIZE_MIN = 20_000

/** Up to so many accepted references are scanned: a filter of 1 % costs the graph 27 ms at 100,000 (design/SEARCH.md). */
const SCAN_COUNT_MAX = 5_000
/** The graph is built anew when more than this share of its nodes is deleted; at a half, a search takes twice as long. */
const DELETED_SHARE_MAX = 0.25
/** Longest stretch of building between which other calls get their turn; one addition takes about 2 ms. */
const BUILD_SLICE_MS = 5

/** The exact search that holds every reference: it answers while there is no graph and re-scores what a graph finds. */
export interface ExactSearch extends SearchIndex {
  referenceIds(): readonly number[]
  featuresOf(referenceId: number): Float32Array | undefined
  rescore(
    probe: Float32Array,
    referenceIds: readonly number[],
    countMax: number,
    scoreMin: number,
  ): Pick<IndexSearchResult, 'neighbours' | 'comparedCount'>
}

/**
 * Vector search with a graph where that pays, and an exact scan everywhere else:
 * - below `GRAPH_SIZE_MIN` references, and while a graph is being built;
 * - where few references are accepted;
 * - where the graph yields fewer than there are.
 *
 * Known limits of the graph: it is approximate, and thousands of identical templates hide others (design/SEARCH.md).
 */
export class HnswIndex implements SearchIndex {
  readonly #exact: ExactSearch
  readonly #featureCount: number
  #graphSizeMin: number
  #graph: Graph | null = null
  #building: Promise<void> | null = null

  /** @param graphSizeMin lower in tests only */
  constructor(exact: ExactSearch, featureCount: number, graphSizeMin = GRAPH_SIZE_MIN) {
    this.#exact = exact
    this.#featureCount = featureCount
    this.#graphSizeMin = graphSizeMin
  }

  get size(): number {
    return this.#exact.size
  }

  async add(referenceId: number, features: Float32Array): Promise<void> {
    await this.#exact.add(referenceId, features) // checks the features
    try {
      this.#graph?.add(referenceId, features)
    } catch {
      this.#doWithoutGraph()
    }
    this.#buildWhereItPays()
  }

  async remove(referenceId: number): Promise<void> {
    await this.#exact.remove(referenceId)
    this.#graph?.remove(referenceId)
    if (this.#graph !== null && this.#graph.deletedCount > DELETED_SHARE_MAX * this.#graph.size) this.#graph = null
    this.#buildWhereItPays()
  }

  async search(
    probe: Float32Array,
    countMax: number,
    scoreMin: number,
    accept: (referenceId: number) => boolean,
    acceptedCount: number,
  ): Promise<IndexSearchResult> {
    const graph = this.#graph
    if (graph === null || acceptedCount <= SCAN_COUNT_MAX || countMax >= acceptedCount)
      return this.#exact.search(probe, countMax, scoreMin, accept, acceptedCount)

    checkFeatures(probe, this.#featureCount) // what is not finite must not reach the graph
    const found = graph.search(probe, countMax, acceptedCount >= this.size ? null : accept)
    if (found.length < countMax) return this.#exact.search(probe, countMax, scoreMin, accept, acceptedCount)
    return { ...this.#exact.rescore(probe, found, countMax, scoreMin), mode: 'hnsw' }
  }

  /** Resolves when no graph is being built. */
  async settled(): Promise<void> {
    while (this.#building !== null) await this.#building
  }

  #buildWhereItPays(): void {
    if (this.#graph !== null || this.#building !== null || this.size < this.#graphSizeMin) return
    this.#building = this.#build()
      .catch(() => this.#doWithoutGraph())
      .finally(() => (this.#building = null))
  }

  /** A graph that does not grow (memory) is given up until the next start; the exact scan misses nobody. */
  #doWithoutGraph(): void {
    this.#graph = null
    this.#graphSizeMin = Infinity
  }

  /** Builds a graph in slices and puts it to use once it holds exactly what the exact search holds. */
  async #build(): Promise<void> {
    const graph = new Graph(this.#featureCount, this.size)
    for (let missing = this.#exact.referenceIds(); missing.length > 0; missing = this.#missingFrom(graph)) {
      let sliceStartMs = performance.now()
      for (const referenceId of missing) {
        const features = this.#exact.featuresOf(referenceId)
        if (features === undefined) continue // removed meanwhile
        graph.add(referenceId, features)
        if (performance.now() - sliceStartMs < BUILD_SLICE_MS) continue
        await setImmediate()
        sliceStartMs = performance.now()
      }
    }
    for (const referenceId of graph.referenceIds())
      if (this.#exact.featuresOf(referenceId) === undefined) graph.remove(referenceId)
    this.#graph = graph
  }

  #missingFrom(graph: Graph): readonly number[] {
    return this.#exact.referenceIds().filter((referenceId) => !graph.has(referenceId))
  }
}
