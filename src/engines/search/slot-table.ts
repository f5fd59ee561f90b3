/**
 * Which reference stands in which slot, and its tag. Slots are dense and never used again: a removed one stays empty until
 * the shard is built anew.
 *
 * Ids arrive in ascending order but for the few that come back (an encounter made active again): *strays*. An id is found
 * by binary search, and a stray by a map: 12 bytes a row where a map of all would take 60.
 */
export class SlotTable {
  /** Ascending keys: the reference id; a stray repeats the key before it. Negative (−key − 1) once removed. */
  #keys = new Float64Array(1024)
  #tags = new Uint32Array(1024)
  #length = 0
  #liveCount = 0
  #lastKey = 0
  readonly #slotOfStray = new Map<number, number>()
  readonly #strayInSlot = new Map<number, number>()

  /** Slots in use, empty ones included. */
  get length(): number {
    return this.#length
  }

  get liveCount(): number {
    return this.#liveCount
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#tags.byteLength
  }

  /** @throws RangeError for an id that is here, or is no whole number above 0 */
  append(referenceId: number, tag: number): number {
    if (!Number.isSafeInteger(referenceId) || referenceId < 1) throw new RangeError('a reference id is a whole number')
    if (this.slotOf(referenceId) !== undefined) throw new RangeError('a reference is added once')
    if (this.#length === this.#keys.length) this.#grow()
    const slot = this.#length++
    if (referenceId > this.#lastKey) this.#lastKey = referenceId
    else {
      this.#slotOfStray.set(referenceId, slot)
      this.#strayInSlot.set(slot, referenceId)
    }
    this.#keys[slot] = this.#lastKey
    this.#tags[slot] = tag
    this.#liveCount++
    return slot
  }

  /** @returns the slot that is empty now; undefined when the id was not here */
  remove(referenceId: number): number | undefined {
    const slot = this.slotOf(referenceId)
    if (slot === undefined) return undefined
    this.#keys[slot] = -this.#keys[slot]! - 1
    this.#slotOfStray.delete(referenceId)
    this.#strayInSlot.delete(slot)
    this.#liveCount--
    return slot
  }

  setTag(referenceId: number, tag: number): boolean {
    const slot = this.slotOf(referenceId)
    if (slot === undefined) return false
    this.#tags[slot] = tag
    return true
  }

  /** Of a live slot. */
  referenceId(slot: number): number {
    return this.#strayInSlot.size === 0 ? this.#keys[slot]! : (this.#strayInSlot.get(slot) ?? this.#keys[slot]!)
  }

  isLive(slot: number): boolean {
    return slot < this.#length && this.#keys[slot]! >= 0
  }

  tag(slot: number): number {
    return this.#tags[slot]!
  }

  slotOf(referenceId: number): number | undefined {
    const stray = this.#slotOfStray.get(referenceId)
    if (stray !== undefined) return stray
    const slot = this.#firstSlotFrom(referenceId)
    const key = slot < this.#length ? this.#keys[slot]! : -1
    return key === referenceId && !this.#strayInSlot.has(slot) ? slot : undefined
  }

  /** The first slot whose key, live or removed, is at least this. */
  #firstSlotFrom(key: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      const found = this.#keys[middle]!
      if ((found < 0 ? -found - 1 : found) < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow(): void {
    const size = this.#keys.length + Math.max(1024, this.#keys.length >> 2)
    const keys = new Float64Array(size)
    const tags = new Uint32Array(size)
    keys.set(this.#keys)
    tags.set(this.#tags)
    this.#keys = keys
    this.#tags = tags
  }
}
