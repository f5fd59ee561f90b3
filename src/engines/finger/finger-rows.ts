import { areComparable, FINGER_POSITIONS } from '../../domain/finger.js'
import type { IndexedFinger } from '../../domain/finger-search.js'
import type { FingerScope } from '../../domain/finger-shard.js'
import { hasTag } from '../../domain/search.js'
import type { FingerFeatures } from './features.js'

interface FingerRow {
  readonly referenceId: number
  readonly positionIndex: number
  readonly features: FingerFeatures
  tag: number
}

/** Which reference stands in which slot. A slot that was emptied is the next one to be filled: slots never outnumber the most rows. */
export class FingerRows {
  readonly #rows: (FingerRow | null)[] = []
  readonly #slots = new Map<number, number>()
  readonly #emptySlots: number[] = []
  #featureBytes = 0

  get size(): number {
    return this.#slots.size
  }

  /** Of the features; what else a row takes is little. */
  get bytes(): number {
    return this.#featureBytes
  }

  /** @throws RangeError for an id that is here, or is no whole number above 0 */
  add({ referenceId, position, tag }: Omit<IndexedFinger, 'minutiae'>, features: FingerFeatures): number {
    if (!Number.isSafeInteger(referenceId) || referenceId < 1) throw new RangeError('a reference id is a whole number')
    if (this.#slots.has(referenceId)) throw new RangeError('a reference is added once')
    const slot = this.#emptySlots.pop() ?? this.#rows.length
    this.#rows[slot] = { referenceId, positionIndex: FINGER_POSITIONS.indexOf(position), features, tag }
    this.#slots.set(referenceId, slot)
    this.#featureBytes += features.descriptors.buffer.byteLength
    return slot
  }

  /** Removing what is not here changes nothing. */
  remove(referenceId: number): void {
    const slot = this.#slots.get(referenceId)
    if (slot === undefined) return
    this.#featureBytes -= this.#rows[slot]!.features.descriptors.buffer.byteLength
    this.#rows[slot] = null
    this.#slots.delete(referenceId)
    this.#emptySlots.push(slot)
  }

  setTag(referenceId: number, tag: number): void {
    const slot = this.#slots.get(referenceId)
    if (slot !== undefined) this.#rows[slot]!.tag = tag
  }

  features(referenceId: number): FingerFeatures | undefined {
    const slot = this.#slots.get(referenceId)
    return slot === undefined ? undefined : this.#rows[slot]!.features
  }

  /** Of a slot that holds a row. */
  referenceId(slot: number): number {
    return this.#rows[slot]!.referenceId
  }

  /** Slots of the scope, ascending. */
  slotsIn({ position, tags }: FingerScope): Int32Array {
    const isComparable = FINGER_POSITIONS.map((other) => areComparable(position, other))
    const slots = new Int32Array(this.size)
    let count = 0
    for (let slot = 0; slot < this.#rows.length; slot++) {
      const row = this.#rows[slot] ?? null
      if (row !== null && isComparable[row.positionIndex]! && hasTag(tags, row.tag)) slots[count++] = slot
    }
    return slots.subarray(0, count)
  }
}
