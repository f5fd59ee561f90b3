/**
 * Which references each node of the graph stands for. References with the very same features share a node: thousands of
 * identical nodes would make others unfindable (2,000 among 20,000 hid 1–3 % of the rest, design/SEARCH.md).
 *
 * Reference ids are whole numbers up to 2^53; labels are the graph's own, dense from 0.
 */
export class NodeTable {
  readonly #labelOf = new Map<number, number>()
  /** Reference ids of each label; none when the node is deleted. */
  readonly #idsOf: number[][] = []

  get referenceCount(): number {
    return this.#labelOf.size
  }

  has(referenceId: number): boolean {
    return this.#labelOf.has(referenceId)
  }

  labelOf(referenceId: number): number | undefined {
    return this.#labelOf.get(referenceId)
  }

  idsOf(label: number): readonly number[] {
    return this.#idsOf[label] ?? []
  }

  add(referenceId: number, label: number): void {
    if (!Number.isSafeInteger(referenceId)) throw new RangeError('a reference id is a whole number up to 2^53')
    if (this.has(referenceId)) throw new RangeError('a reference has one node')
    this.#labelOf.set(referenceId, label)
    const ids = (this.#idsOf[label] ??= [])
    ids.push(referenceId)
  }

  /** @returns the label of the node that now stands for nobody, or null */
  remove(referenceId: number): number | null {
    const label = this.#labelOf.get(referenceId)
    if (label === undefined) return null
    this.#labelOf.delete(referenceId)
    const ids = this.#idsOf[label]!
    ids.splice(ids.indexOf(referenceId), 1)
    return ids.length === 0 ? label : null
  }

  /** In the order in which they came. */
  referenceIds(): IterableIterator<number> {
    return this.#labelOf.keys()
  }

  /** label, reference id, label, reference id, … */
  toPairs(): Float64Array {
    const pairs = new Float64Array(2 * this.referenceCount)
    let at = 0
    for (const [referenceId, label] of this.#labelOf) {
      pairs[at++] = label
      pairs[at++] = referenceId
    }
    return pairs
  }

  /** @throws RangeError when they cannot be the table of a graph with so many nodes */
  static fromPairs(pairs: Float64Array, nodeCount: number): NodeTable {
    const table = new NodeTable()
    for (let at = 0; at < pairs.length; at += 2) {
      const label = pairs[at]!
      if (!Number.isInteger(label) || label < 0 || label >= nodeCount) throw new RangeError('a label without a node')
      table.add(pairs[at + 1]!, label)
    }
    return table
  }
}
