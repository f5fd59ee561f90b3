import type { ComparedSamples, Comparisons } from '../../domain/calibration.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'

export interface SampleFeatures<Features> {
  /** Samples of one person have the same. */
  readonly person: string
  readonly features: Features
}

/** 4,000 samples are 8 million comparisons: 100 MB, and 5 s of cosines. */
export const SAMPLES_MAX = 4000
/** Scores are rounded to a millionth, well above what the order of a float32 sum changes: equal inputs give equal files. */
const STEPS_PER_UNIT = 1e6
/** Positions of comparisons lie below it: a score's step and a position share one float64 (2^53), sorted natively. */
const POSITIONS = 2 ** 23

/**
 * Compares every two samples once.
 * @param compare symmetric; greater is more alike; within ±500
 * @param onProgress in comparisons
 * @throws DomainError LIMIT_EXCEEDED, INVALID_ARGUMENT on a score that is no finite number or one class only
 */
export async function compareAll<Features>(
  samples: readonly SampleFeatures<Features>[],
  compare: (probe: Features, reference: Features) => number,
  onProgress: (doneCount: number, totalCount: number) => void,
  context: CallContext,
): Promise<ComparedSamples> {
  if (samples.length > SAMPLES_MAX)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${SAMPLES_MAX} samples`, `${samples.length}`)
  const numbers = new Map([...new Set(samples.map(({ person }) => person))].map((person, number) => [person, number]))
  const persons = Uint16Array.from(samples, ({ person }) => numbers.get(person)!)
  const mated = new Gathered()
  const nonMated = new Gathered()
  const totalCount = (samples.length * (samples.length - 1)) / 2
  for (const [i, a] of samples.entries()) {
    checkAlive(context)
    for (let j = i + 1; j < samples.length; j++)
      (persons[i] === persons[j] ? mated : nonMated).add(compare(a.features, samples[j]!.features), i, j)
    if (i % 50 === 0) onProgress(mated.count + nonMated.count, totalCount)
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve)) // so that a bar is drawn and an abort heard
  }
  onProgress(totalCount, totalCount)
  if (mated.count === 0 || nonMated.count === 0) throw oneClass(mated.count)
  return { persons, personCount: numbers.size, mated: mated.descending(), nonMated: nonMated.descending() }
}

class Gathered {
  readonly #scores: number[] = []
  readonly #first: number[] = []
  readonly #second: number[] = []

  get count(): number {
    return this.#scores.length
  }

  add(score: number, first: number, second: number): void {
    if (!(Math.abs(score) <= 500))
      throw new DomainError('INVALID_ARGUMENT', 'comparison scores within ±500', 'one that is not, or no number')
    this.#scores.push(score)
    this.#first.push(first)
    this.#second.push(second)
  }

  descending(): Comparisons {
    const keys = Float64Array.from(this.#scores, (score, i) => -Math.round(score * STEPS_PER_UNIT) * POSITIONS + i)
    keys.sort()
    const positions = Uint32Array.from(keys, (key) => key - Math.floor(key / POSITIONS) * POSITIONS)
    return {
      scores: Float64Array.from(positions, (i) => Math.round(this.#scores[i]! * STEPS_PER_UNIT) / STEPS_PER_UNIT),
      first: Uint16Array.from(positions, (i) => this.#first[i]!),
      second: Uint16Array.from(positions, (i) => this.#second[i]!),
    }
  }
}

function oneClass(matedCount: number): DomainError {
  return new DomainError(
    'INVALID_ARGUMENT',
    'samples of two people or more, and two samples of some',
    matedCount === 0 ? 'no two samples of one person' : 'samples of one person only',
  )
}
