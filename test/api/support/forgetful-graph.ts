import type { Graph, GraphAnswer, GraphStatus, Neighbour, ReferenceSource } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'

/** A graph of the plainest kind, a list that is compared one by one; it does not find the references that it is told to forget. */
export class ForgetfulGraph implements Graph {
  readonly forgotten = new Set<number>()
  broadenedCount = 0
  rebuiltCount = 0
  readonly #ids = new Set<number>()
  #source: ReferenceSource | null = null

  get status(): GraphStatus {
    const nodeCount = this.#ids.size
    return { state: 'ready', nodeCount, pendingCount: 0, breadth: 800, snapshotAtMs: null, reason: '' }
  }

  start(source: ReferenceSource, liveIds: readonly number[]): void {
    this.#source = source
    this.add(liveIds)
  }

  add(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) this.#ids.add(referenceId)
  }

  remove(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) this.#ids.delete(referenceId)
  }

  async search(probe: Float32Array, countMax: number): Promise<GraphAnswer | null> {
    const found: Neighbour[] = []
    const ids = [...this.#ids].filter((referenceId) => !this.forgotten.has(referenceId))
    for (const { referenceId, features } of (await this.#source?.features(ids)) ?? [])
      found.push({ referenceId, score: dot(probe, features) })
    found.sort((a, b) => b.score - a.score || a.referenceId - b.referenceId)
    return { neighbours: found.slice(0, countMax), notCovered: [] }
  }

  broaden(): void {
    this.broadenedCount++
  }

  /** Nothing is written: it has no disk. */
  async snapshot(): Promise<void> {
    await Promise.resolve()
  }

  rebuild(): void {
    this.rebuiltCount++
    this.forgotten.clear()
  }

  async close(): Promise<void> {
    await Promise.resolve()
  }
}
