import hnswlib from 'hnswlib-node'
import { checkFeatures } from '../../domain/template.js'

/** Links per node (M): a million vectors of 128 features are all found with 32, and 99.3 % of them with 16 (design/SEARCH.md). */
export const LINKS = 32
/** Candidates kept while a node is linked. */
export const EF_CONSTRUCTION = 200
/** The levels of the graph are drawn with it; fixed, so that the same additions give the same graph. */
const SEED = 100
const CAPACITY_GROWTH = 1.5
/** Whole numbers that the addon takes; larger ones lose their upper bits without a word. */
const UINT32_MAX = 2 ** 32 - 1

export interface FoundNode {
  readonly label: number
  /** Dot product in float32. */
  readonly score: number
}

/**
 * hnswlib's graph behind its traps, most of which end the process instead of throwing: only checked numbers reach the addon,
 * never a filter; labels are dense and our own; the breadth is set before every search, because a file does not keep it; a
 * file is read into a fresh object only; nothing is added or marked while a file is written (the caller sees to that).
 */
export class HnswGraph {
  readonly #graph: hnswlib.HierarchicalNSW
  /** The addon takes plain arrays only; one is used again and again. Never a hole in it: that would abort the process. */
  readonly #numbers: number[]

  private constructor(featureCount: number) {
    // `ip`: features have norm 1, and `cosine` would make them so again.
    this.#graph = new hnswlib.HierarchicalNSW('ip', featureCount)
    this.#numbers = new Array<number>(featureCount).fill(0)
  }

  static empty(featureCount: number, capacity: number): HnswGraph {
    const graph = new HnswGraph(featureCount)
    graph.#graph.initIndex(checkWhole(Math.max(1, capacity)), LINKS, EF_CONSTRUCTION, SEED)
    return graph
  }

  /** @param file as long as when it was written, and unchanged: the addon checks neither */
  static async read(file: string, featureCount: number): Promise<HnswGraph> {
    const graph = new HnswGraph(featureCount)
    await graph.#graph.readIndex(file)
    return graph
  }

  /** Deleted ones included. */
  get nodeCount(): number {
    return this.#graph.getCurrentCount()
  }

  /** @returns the node's label: the number of nodes before it. @throws DomainError INVALID_ARGUMENT */
  add(features: Float32Array): number {
    const numbers = this.#checked(features)
    const label = this.nodeCount
    const capacity = this.#graph.getMaxElements()
    if (label >= capacity) this.#graph.resizeIndex(checkWhole(Math.ceil(capacity * CAPACITY_GROWTH) + 1))
    this.#graph.addPoint(numbers, checkWhole(label))
    return label
  }

  /** At once, for the next search. The node goes on costing time until the graph is built anew. */
  markDeleted(label: number): void {
    this.#graph.markDelete(this.#checkLabel(label))
  }

  /** Null when the node is deleted. */
  featuresAt(label: number): readonly number[] | null {
    try {
      return this.#graph.getPoint(this.#checkLabel(label))
    } catch (error) {
      if (error instanceof Error && error.message.includes('Label not found')) return null
      throw error
    }
  }

  /** Most similar first. @throws DomainError INVALID_ARGUMENT */
  search(probe: Float32Array, countMax: number, breadth: number): readonly FoundNode[] {
    const numbers = this.#checked(probe)
    const count = Math.min(checkWhole(countMax), this.nodeCount)
    if (count === 0) return []
    this.#graph.setEf(Math.max(checkWhole(breadth), count)) // 10 unless set
    const { neighbors, distances } = this.#graph.searchKnn(numbers, count)
    return neighbors.map((label, i) => ({ label, score: 1 - distances[i]! }))
  }

  /** Resolves also when the disk was full: whoever calls it reads the file again. */
  async write(file: string): Promise<void> {
    await this.#graph.writeIndex(file)
  }

  /** Gives the memory back at once: the garbage collector does not know how much there is. */
  release(): void {
    this.#graph.initIndex(1)
  }

  #checked(features: Float32Array): number[] {
    checkFeatures(features, this.#numbers.length)
    for (let i = 0; i < features.length; i++) this.#numbers[i] = features[i]!
    return this.#numbers
  }

  #checkLabel(label: number): number {
    if (checkWhole(label) >= this.nodeCount) throw new RangeError('a graph has no node of this label')
    return label
  }
}

function checkWhole(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > UINT32_MAX)
    throw new RangeError('the graph takes whole numbers of 32 bits')
  return value
}
