import { COMPARED_MAX } from './features.js'

/** Pairs of a probe's and a reference's minutiae, with a weight each; made once and filled again and again. */
export class MinutiaPairs {
  count = 0
  readonly probe = new Int32Array(COMPARED_MAX)
  readonly reference = new Int32Array(COMPARED_MAX)
  readonly weight = new Float64Array(COMPARED_MAX)

  add(probe: number, reference: number, weight: number): void {
    this.probe[this.count] = probe
    this.reference[this.count] = reference
    this.weight[this.count++] = weight
  }
}

/** Steps of goodness that are told apart: a bucket sort of up to 3,600 candidates is linear and allocates nothing. */
const BUCKET_COUNT = 512

/**
 * Greedy one-to-one assignment: of all candidates the best one first, then the best one of minutiae still free.
 * Goodness is 0 to 1 and counts to 1/512; ties go by the order of offering.
 */
export class OneToOne {
  readonly #candidateKeys = new Int32Array(COMPARED_MAX * COMPARED_MAX)
  readonly #candidateGoodness = new Float32Array(COMPARED_MAX * COMPARED_MAX)
  readonly #sorted = new Int32Array(COMPARED_MAX * COMPARED_MAX)
  readonly #starts = new Int32Array(BUCKET_COUNT + 1)
  readonly #probeTaken = new Uint8Array(COMPARED_MAX)
  readonly #referenceTaken = new Uint8Array(COMPARED_MAX)
  #count = 0

  clear(): void {
    this.#count = 0
    this.#starts.fill(0)
  }

  /** Each pair of minutiae at most once between two calls of `clear`. */
  offer(probe: number, reference: number, goodness: number): void {
    this.#candidateKeys[this.#count] = probe * COMPARED_MAX + reference
    this.#candidateGoodness[this.#count++] = goodness
    this.#starts[bucketOf(goodness) + 1]!++
  }

  /** The pairs, best first, into `pairs`; their weight is their goodness. */
  assign(pairs: MinutiaPairs): void {
    this.#sort()
    this.#probeTaken.fill(0)
    this.#referenceTaken.fill(0)
    pairs.count = 0
    for (let i = 0; i < this.#count; i++) {
      const candidate = this.#sorted[i]!
      const key = this.#candidateKeys[candidate]!
      const probe = (key / COMPARED_MAX) | 0
      const reference = key - probe * COMPARED_MAX
      if (this.#probeTaken[probe] === 1 || this.#referenceTaken[reference] === 1) continue
      this.#probeTaken[probe] = 1
      this.#referenceTaken[reference] = 1
      pairs.add(probe, reference, this.#candidateGoodness[candidate]!)
    }
  }

  #sort(): void {
    for (let bucket = 1; bucket <= BUCKET_COUNT; bucket++) this.#starts[bucket]! += this.#starts[bucket - 1]!
    for (let candidate = 0; candidate < this.#count; candidate++)
      this.#sorted[this.#starts[bucketOf(this.#candidateGoodness[candidate]!)]!++] = candidate
  }
}

/** Best first: bucket 0 holds the greatest goodness. */
function bucketOf(goodness: number): number {
  const bucket = ((1 - goodness) * BUCKET_COUNT) | 0
  return bucket < 0 ? 0 : bucket >= BUCKET_COUNT ? BUCKET_COUNT - 1 : bucket
}
