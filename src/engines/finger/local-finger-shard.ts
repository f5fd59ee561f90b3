import type { IndexedFinger } from '../../domain/finger-search.js'
import type { FingerScope, FingerShard, FingerShardStatus, FingerShortlist } from '../../domain/finger-shard.js'
import type { NormalisedMinutiae } from '../../domain/finger.js'
import type { Neighbour } from '../../domain/search.js'
import { BestNeighbours } from '../search/best-neighbours.js'
import { cohortFor } from './cohort.js'
import { FingerComparer } from './comparer.js'
import { prepareFinger, type FingerFeatures } from './features.js'
import { FingerRows } from './finger-rows.js'
import type { FingerModel } from './model.js'
import { VoteScan } from './vote-scan.js'

/** A shard in this thread: what a shard's own thread runs, and what small tools use as it is. */
export class LocalFingerShard implements FingerShard<FingerFeatures> {
  readonly #model: FingerModel
  readonly #comparer: FingerComparer
  #rows = new FingerRows()
  #scan: VoteScan

  constructor(model: FingerModel) {
    this.#model = model
    this.#comparer = new FingerComparer(model)
    this.#scan = new VoteScan(cohortFor(model))
  }

  async open(): Promise<FingerShardStatus> {
    this.#rows = new FingerRows()
    this.#scan = new VoteScan(cohortFor(this.#model))
    return this.#status()
  }

  async add(fingers: readonly IndexedFinger[]): Promise<FingerShardStatus> {
    for (const finger of fingers) {
      const features = inOneBuffer(prepareFinger(finger.minutiae, this.#model))
      this.#scan.set(this.#rows.add(finger, features), features)
    }
    return this.#status()
  }

  async remove(referenceIds: readonly number[]): Promise<FingerShardStatus> {
    for (const referenceId of referenceIds) this.#rows.remove(referenceId)
    return this.#status()
  }

  async setTags(
    changes: readonly { readonly referenceId: number; readonly tag: number }[],
  ): Promise<FingerShardStatus> {
    for (const { referenceId, tag } of changes) this.#rows.setTag(referenceId, tag)
    return this.#status()
  }

  async prepare(minutiae: NormalisedMinutiae): Promise<FingerFeatures> {
    return inOneBuffer(prepareFinger(minutiae, this.#model))
  }

  async shortlist(probe: FingerFeatures, scope: FingerScope, countMax: number | null): Promise<FingerShortlist> {
    const slots = this.#rows.slotsIn(scope)
    if (countMax === null) {
      const referenceIds = Float64Array.from(slots, (slot) => this.#rows.referenceId(slot)).sort()
      return { referenceIds, votes: new Float64Array(slots.length), coveredCount: slots.length }
    }
    const best = new BestNeighbours(countMax)
    this.#scan.scan(probe, slots, (slot, votes) => best.offer(this.#rows.referenceId(slot), votes))
    const chosen = best.sorted()
    return {
      referenceIds: Float64Array.from(chosen, ({ referenceId }) => referenceId),
      votes: Float64Array.from(chosen, ({ score }) => score),
      coveredCount: slots.length,
    }
  }

  async compare(probe: FingerFeatures, referenceIds: Float64Array): Promise<readonly Neighbour[]> {
    const scores: Neighbour[] = []
    for (const referenceId of referenceIds) {
      const reference = this.#rows.features(referenceId)
      if (reference !== undefined) scores.push({ referenceId, score: this.#comparer.compare(probe, reference) })
    }
    return scores
  }

  async close(): Promise<void> {
    await this.open()
  }

  #status(): FingerShardStatus {
    return { rowCount: this.#rows.size, bytes: this.#rows.bytes + this.#scan.bytes }
  }
}

/** The same features in views of one buffer: a seventh of the buffers to keep, and one to post. */
function inOneBuffer(features: FingerFeatures): FingerFeatures {
  const { x, y, angleRad, hull, descriptors, type, byX } = features
  const floatCount = 3 * x.length + hull.length + descriptors.length
  const buffer = new ArrayBuffer(Float32Array.BYTES_PER_ELEMENT * floatCount + type.length + byX.length)
  let at = 0
  const moved = <Values extends Float32Array | Uint8Array>(values: Values, view: Values): Values => {
    view.set(values)
    at += values.byteLength
    return view
  }
  const floats = (values: Float32Array) => moved(values, new Float32Array(buffer, at, values.length))
  const bytes = (values: Uint8Array) => moved(values, new Uint8Array(buffer, at, values.length))
  return {
    ...features,
    x: floats(x),
    y: floats(y),
    angleRad: floats(angleRad),
    hull: floats(hull),
    descriptors: floats(descriptors),
    type: bytes(type),
    byX: bytes(byX),
  }
}
