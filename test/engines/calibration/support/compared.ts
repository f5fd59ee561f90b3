import type { ComparedSamples } from '../../../../src/domain/calibration.js'
import { backgroundContext } from '../../../../src/domain/context.js'
import { dot } from '../../../../src/domain/template.js'
import { compareAll } from '../../../../src/engines/calibration/compare-all.js'
import { seededRandom } from '../../../../src/services/index-check/seeded.js'

/** People at random directions of a space of few dimensions, where the law of a cosine is known. */
export interface RandomPeople {
  readonly personCount: number
  readonly samplesEach: number
  readonly dimensions: number
  /** Of each sample about its person's direction, as a share of its length. */
  readonly noise: number
  readonly seed: number
}

export async function randomPeople({ personCount, samplesEach, dimensions, noise, seed }: RandomPeople) {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const unit = (values: readonly number[]) => Float32Array.from(values, (value) => value / Math.hypot(...values))
  const samples = Array.from({ length: personCount }, (_, i) => {
    const centre = unit(Array.from({ length: dimensions }, normal))
    const spread = noise / Math.sqrt(dimensions)
    const near = () => unit(Array.from(centre, (value) => value + spread * normal()))
    return Array.from({ length: samplesEach }, () => ({ person: `person ${i}`, features: near() }))
  }).flat()
  return compareAll(samples, dot, () => undefined, backgroundContext('test'))
}

/** P(cosine ≥ t) of two random directions in d dimensions: the density is (1 − t²)^((d−3)/2). Trapezium rule. */
export function cosineTail(t: number, dimensions: number): number {
  const STEPS = 20_000
  const area = (from: number) => {
    const width = (1 - from) / STEPS
    let sum = 0
    for (let i = 0; i <= STEPS; i++) {
      const height = Math.max(0, 1 - (from + i * width) ** 2) ** ((dimensions - 3) / 2)
      sum += i === 0 || i === STEPS ? height / 2 : height
    }
    return sum * width
  }
  return area(t) / area(-1)
}

/** People 0 to n − 1 with one sample each, and the non-mated comparisons that reach 1; all others have the score 0. */
export function reaching(personCount: number, pairs: readonly (readonly [number, number])[]): ComparedSamples {
  const all = Array.from({ length: personCount }, (_, i) => Array.from({ length: i }, (_, j) => [j, i] as const)).flat()
  const isHigh = ([a, b]: readonly [number, number]) => pairs.some(([p, q]) => p === a && q === b)
  const ordered = [...all.filter(isHigh), ...all.filter((pair) => !isHigh(pair))]
  return {
    persons: Uint16Array.from({ length: personCount }, (_, i) => i),
    personCount,
    nonMated: {
      scores: Float64Array.from(ordered, (pair) => (isHigh(pair) ? 1 : 0)),
      first: Uint16Array.from(ordered, ([a]) => a),
      second: Uint16Array.from(ordered, ([, b]) => b),
    },
    mated: { scores: new Float64Array(0), first: new Uint16Array(0), second: new Uint16Array(0) },
  }
}

/** The same people with the first of their two samples only. */
export function oneSampleEach({ personCount, nonMated }: ComparedSamples): ComparedSamples {
  const kept = Array.from(nonMated.scores, (_, at) => at).filter(
    (at) => nonMated.first[at]! % 2 === 0 && nonMated.second[at]! % 2 === 0,
  )
  return {
    persons: Uint16Array.from({ length: personCount }, (_, i) => i),
    personCount,
    nonMated: {
      scores: Float64Array.from(kept, (at) => nonMated.scores[at]!),
      first: Uint16Array.from(kept, (at) => nonMated.first[at]! / 2),
      second: Uint16Array.from(kept, (at) => nonMated.second[at]! / 2),
    },
    mated: { scores: new Float64Array(0), first: new Uint16Array(0), second: new Uint16Array(0) },
  }
}

/** What `work` throws, or null. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}
