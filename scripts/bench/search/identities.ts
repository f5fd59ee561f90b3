import { mulberry32 } from '../../../test/support/random-vectors.js'
import { writeOddRows } from './odd-rows.js'
import type { TemplateStatistics } from './template-statistics.js'

/**
 * Templates as a recogniser makes them, of nobody: five samples of each identity, a power-law spectrum.
 *
 * A sample is √ρ·identity + √(1 − ρ)·noise, both normal with variances (i + 1)^−γ along 128 … 512 axes, which a Hadamard
 * transform with random signs then mixes: a recogniser's features have no axis of their own either. Two samples of one identity
 * have a cosine of about √(ρρ′). Each sample draws its own ρ, normal with √2 times the deviation of the cosines, because good
 * and bad samples differ: the recall of a graph is lost on the bad ones.
 */
export interface IdentitySet {
  readonly count: number
  readonly featureCount: number
  /** Row after row; shared memory, so that threads read it without a copy. The last rows are odd ones, see `odd-rows.ts`. */
  readonly rows: Float32Array
  /** One more sample each of identities that are spread over the set. */
  readonly matedProbes: readonly Float32Array[]
}

export const SAMPLES_PER_IDENTITY = 5
const SHARE_MIN = 0.05
const SHARE_MAX = 0.99

export interface WantedSet {
  readonly count: number
  /** A power of two. */
  readonly featureCount: number
  readonly matedProbeCount: number
  readonly statistics: TemplateStatistics
  readonly seed: number
}

export function makeIdentities(wanted: WantedSet): IdentitySet {
  const { count, featureCount, matedProbeCount: probeCount } = wanted
  const draw = new Sampler(featureCount, wanted.statistics, mulberry32(wanted.seed))
  const rows = new Float32Array(new SharedArrayBuffer(count * featureCount * Float32Array.BYTES_PER_ELEMENT))
  const identityCount = Math.ceil(count / SAMPLES_PER_IDENTITY)
  const probeEvery = Math.max(1, Math.floor(identityCount / probeCount))
  const matedProbes: Float32Array[] = []
  for (let identity = 0; identity < identityCount; identity++) {
    draw.nextIdentity()
    const first = identity * SAMPLES_PER_IDENTITY
    for (let row = first; row < Math.min(count, first + SAMPLES_PER_IDENTITY); row++)
      draw.sample(rows.subarray(row * featureCount, (row + 1) * featureCount))
    if (identity % probeEvery === 0 && matedProbes.length < probeCount)
      matedProbes.push(draw.sample(new Float32Array(featureCount)))
  }
  writeOddRows(rows, count, featureCount)
  return { count, featureCount, rows, matedProbes }
}

/** A row of the set, without a copy. */
export function rowOf({ rows, featureCount }: IdentitySet, row: number): Float32Array {
  return rows.subarray(row * featureCount, (row + 1) * featureCount)
}

class Sampler {
  readonly #random: () => number
  readonly #statistics: TemplateStatistics
  readonly #deviations: Float64Array
  readonly #signs: Float64Array
  readonly #identity: Float64Array
  readonly #mixed: Float64Array

  constructor(featureCount: number, statistics: TemplateStatistics, random: () => number) {
    this.#random = random
    this.#statistics = statistics
    const exponent = -statistics.spectrumExponent / 2
    this.#deviations = Float64Array.from({ length: featureCount }, (_, i) => (i + 1) ** exponent)
    this.#signs = Float64Array.from({ length: featureCount }, () => (random() < 0.5 ? -1 : 1))
    this.#identity = new Float64Array(featureCount)
    this.#mixed = new Float64Array(featureCount)
  }

  nextIdentity(): void {
    this.#drawInto(this.#identity)
  }

  /** Writes a sample of the identity, of norm 1. */
  sample(out: Float32Array): Float32Array {
    const mixed = this.#mixed
    const share = this.#drawShare()
    const [own, other] = [Math.sqrt(share), Math.sqrt(1 - share)]
    this.#drawInto(mixed)
    for (let i = 0; i < mixed.length; i++) mixed[i] = this.#signs[i]! * (own * this.#identity[i]! + other * mixed[i]!)
    hadamard(mixed)
    let squares = 0
    for (const value of mixed) squares += value * value
    const inverse = 1 / Math.sqrt(squares)
    for (let i = 0; i < mixed.length; i++) out[i] = mixed[i]! * inverse
    return out
  }

  /** ρ of one sample. */
  #drawShare(): number {
    const { matedCosine, matedCosineDeviation } = this.#statistics
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
    return Math.min(SHARE_MAX, Math.max(SHARE_MIN, matedCosine + Math.SQRT2 * matedCosineDeviation * normal))
  }

  /** Normal values (Box–Muller, both of each pair) with the spectrum's deviations. */
  #drawInto(values: Float64Array): void {
    for (let i = 0; i < values.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.#random()))
      const angle = 2 * Math.PI * this.#random()
      values[i] = this.#deviations[i]! * radius * Math.cos(angle)
      values[i + 1] = this.#deviations[i + 1]! * radius * Math.sin(angle)
    }
  }
}

/** In place, unscaled: the norm is set afterwards. */
function hadamard(values: Float64Array): void {
  for (let width = 1; width < values.length; width *= 2)
    for (let block = 0; block < values.length; block += 2 * width)
      for (let i = block; i < block + width; i++) {
        const [a, b] = [values[i]!, values[i + width]!]
        values[i] = a + b
        values[i + width] = a - b
      }
}
