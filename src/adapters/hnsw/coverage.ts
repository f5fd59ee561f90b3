import { setImmediate } from 'node:timers/promises'

/** Ids looked at between which other calls get their turn: about a millisecond. */
const SLICE = 8_192

/** Which references the graph ought to hold, and what it lacks. Numbers only; about 50 bytes for each. */
export class Coverage {
  readonly #live: Set<number>
  /** To be added, or on the way; in this order. */
  readonly #pending = new Set<number>()
  /** Of them, on the way. */
  readonly #sent = new Set<number>()
  /** Held by the process, and not wanted. */
  readonly #unwanted = new Set<number>()
  /** The process could not find them again, and does not hold them. */
  readonly #lost = new Set<number>()

  constructor(liveIds: readonly number[]) {
    this.#live = new Set(liveIds)
  }

  get size(): number {
    return this.#live.size
  }

  get pendingCount(): number {
    return this.#pending.size
  }

  get unwantedCount(): number {
    return this.#unwanted.size
  }

  get lostCount(): number {
    return this.#lost.size
  }

  isLive(referenceId: number): boolean {
    return this.#live.has(referenceId)
  }

  /** To be compared exactly. */
  notCovered(): readonly number[] {
    return [...this.#pending, ...this.#lost]
  }

  add(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) {
      if (this.#live.has(referenceId)) continue
      this.#live.add(referenceId)
      this.#pending.add(referenceId)
    }
  }

  remove(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) {
      if (!this.#live.delete(referenceId)) continue
      const isWithUs = this.#pending.delete(referenceId) && !this.#sent.delete(referenceId)
      if (!isWithUs && !this.#lost.delete(referenceId)) this.#unwanted.add(referenceId)
    }
  }

  /** A process begins its life with what a snapshot held. */
  async begin(heldPages: AsyncIterable<readonly number[]>): Promise<void> {
    for (const set of [this.#pending, this.#sent, this.#unwanted, this.#lost]) set.clear()
    const held = new Set<number>()
    for await (const page of heldPages)
      for (const referenceId of page) {
        held.add(referenceId)
        if (!this.#live.has(referenceId)) this.#unwanted.add(referenceId)
      }
    let lookedAt = 0
    for (const referenceId of this.#live) {
      if (!held.has(referenceId)) this.#pending.add(referenceId)
      if (++lookedAt % SLICE === 0) await setImmediate()
    }
  }

  /** Some of those that the process should hold, evenly spread. */
  sample(countMax: number): readonly number[] {
    const step = Math.max(1, Math.floor(this.#live.size / countMax))
    const ids: number[] = []
    let at = 0
    for (const referenceId of this.#live) {
      if (at++ % step === 0 && !this.#pending.has(referenceId)) ids.push(referenceId)
      if (ids.length === countMax) break
    }
    return ids
  }

  /** Takes up to so many that are on their way from now on. */
  takePending(countMax: number): readonly number[] {
    for (const referenceId of this.#pending) {
      if (this.#sent.size === countMax) break
      this.#sent.add(referenceId)
    }
    return [...this.#sent]
  }

  /** The process holds them, except for the `lost`. What was removed on the way is no longer among the sent. */
  added(lost: readonly number[]): void {
    for (const referenceId of this.#sent) this.#pending.delete(referenceId)
    for (const referenceId of lost) if (this.#sent.has(referenceId)) this.#lost.add(referenceId)
    this.#sent.clear()
  }

  /** They could not be sent. */
  notSent(): void {
    this.#sent.clear()
  }

  /** The store does not know them: nobody is to find them. */
  forget(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) {
      this.#sent.delete(referenceId)
      this.#pending.delete(referenceId)
      this.#live.delete(referenceId)
    }
  }

  unwanted(countMax: number): readonly number[] {
    const ids: number[] = []
    for (const referenceId of this.#unwanted) {
      if (ids.length === countMax) break
      ids.push(referenceId)
    }
    return ids
  }

  removed(referenceIds: readonly number[]): void {
    for (const referenceId of referenceIds) this.#unwanted.delete(referenceId)
  }
}
