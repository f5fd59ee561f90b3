import hnswlib from 'hnswlib-node'

/**
 * Links per node, candidates while building, and candidates while searching. Measured on a million vectors of 128
 * features (design/SEARCH.md): rank-1 recall 1.0 (3,000 of 3,000 probes) with these, .948 at M 16 and ef 200.
 */
const LINKS = 32
const EF_CONSTRUCTION = 200
const EF_SEARCH_MIN = 800
/** The levels of the graph are drawn with it; fixed, so that the same additions give the same graph. */
const SEED = 100
const CAPACITY_GROWTH = 1.5

/**
 * hnswlib's graph behind its traps, which end the process instead of throwing:
 * only checked features and whole numbers reach it, no filter throws through it, and capacity grows before it is full.
 *
 * Nodes have dense labels of our own, because hnswlib cuts labels to 32 bits without a word.
 */
export class Graph {
  readonly #graph: hnswlib.HierarchicalNSW
  /** Reference id of each label; a label is never used again. */
  readonly #referenceIds: number[] = []
  readonly #labelOf = new Map<number, number>()

  constructor(featureCount: number, capacity: number) {
    this.#graph = new hnswlib.HierarchicalNSW('ip', featureCount)
    this.#graph.initIndex(Math.max(1, capacity), LINKS, EF_CONSTRUCTION, SEED)
  }

  /** References that can be found. */
  get size(): number {
    return this.#labelOf.size
  }

  /** Nodes that are deleted: they cost time in every search. */
  get deletedCount(): number {
    return this.#referenceIds.length - this.#labelOf.size
  }

  /** Ids of the references that can be found. */
  referenceIds(): readonly number[] {
    return [...this.#labelOf.keys()]
  }

  has(referenceId: number): boolean {
    return this.#labelOf.has(referenceId)
  }

  /** @param features checked by the caller: finite, and as many as the graph was made for */
  add(referenceId: number, features: Float32Array): void {
    const label = this.#referenceIds.length
    const capacity = this.#graph.getMaxElements()
    if (label >= capacity) this.#graph.resizeIndex(Math.ceil(capacity * CAPACITY_GROWTH) + 1)
    this.#graph.addPoint(Array.from(features), label) // takes plain arrays only
    this.#referenceIds.push(referenceId)
    this.#labelOf.set(referenceId, label)
  }

  remove(referenceId: number): void {
    const label = this.#labelOf.get(referenceId)
    if (label === undefined) return
    this.#graph.markDelete(label)
    this.#labelOf.delete(referenceId)
  }

  /**
   * About the `countMax` most similar references, in no promised order, perhaps fewer.
   * @param accept null to take all: a filter costs a call from C++ for every node on the way
   */
  search(probe: Float32Array, countMax: number, accept: ((referenceId: number) => boolean) | null): readonly number[] {
    if (countMax === 0 || this.size === 0) return []
    const count = Math.min(countMax, this.size)
    this.#graph.setEf(Math.max(EF_SEARCH_MIN, 2 * count)) // 10 unless set
    const failures: unknown[] = []
    const filter = (label: number): boolean => {
      try {
        return failures.length === 0 && (accept === null || accept(this.#referenceIds[label] as number))
      } catch (error) {
        failures.push(error)
        return false
      }
    }
    const found = this.#graph.searchKnn(Array.from(probe), count, accept === null ? undefined : filter)
    if (failures.length > 0) throw failures[0]
    return found.neighbors.map((label) => this.#referenceIds[label] as number)
  }
}
