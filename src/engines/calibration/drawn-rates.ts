import type { ComparedSamples } from '../../domain/calibration.js'
import type { TailStart } from './fmr-curve.js'
import { fitTail, tailExceedance } from './tail.js'
import { comparisonWeights, sampleWeights } from './weights.js'

export interface Draws {
  readonly drawCount: number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/**
 * The false match rate at each score again and again, each time over as many people drawn with replacement (bootstrap; B. Efron,
 * Annals of Statistics 7, 1979). People are drawn, not comparisons: those of one person go together. For rare scores that few pairs of
 * people reach it errs on the wide side, because a pair's weight is the product of two draws.
 *
 * All draws go through the comparisons together: 200 of them over 1.2 million comparisons take 1 s, one after the other 10 s.
 * @param ascending scores
 * @returns for each score, the rate in each draw
 */
export function drawnRates(
  compared: ComparedSamples,
  start: TailStart,
  ascending: readonly number[],
  { drawCount, random }: Draws,
): readonly (readonly number[])[] {
  const { nonMated } = compared
  const sums = new DrawnSums(compared, drawPeople(compared.personCount, drawCount, random), drawCount)
  sums.addTail(start)
  const tails = sums.tails()
  const aboveStart = sums.totals.slice()
  const atScores = new Map<number, Float64Array>()
  let next = start.count
  for (const score of ascending.filter((value) => value <= start.score).toReversed()) {
    for (; next < nonMated.scores.length && nonMated.scores[next]! >= score; next++) sums.add(next)
    atScores.set(score, sums.totals.slice())
  }
  for (; next < nonMated.scores.length; next++) sums.add(next)
  const whole = sums.totals
  return ascending.map((score) =>
    Array.from(whole, (total, draw) => {
      const body = atScores.get(score)
      if (body !== undefined) return shareOf(body[draw]!, total)
      if (aboveStart[draw] === 0) return 0 // of the people in the tail none was drawn, and no tail was fitted
      return shareOf(aboveStart[draw]!, total) * tailExceedance(tails[draw]!, score - start.score)
    }),
  )
}

/** Of nothing nothing: a draw may be one person again and again. */
function shareOf(part: number, total: number): number {
  return total === 0 ? 0 : part / total
}

/** How often each draw holds each person, [person, draw] in one array. */
function drawPeople(personCount: number, drawCount: number, random: () => number): Float64Array {
  const multiplicity = new Float64Array(personCount * drawCount)
  for (let draw = 0; draw < drawCount; draw++)
    for (let i = 0; i < personCount; i++) multiplicity[Math.floor(random() * personCount) * drawCount + draw]!++
  return multiplicity
}

/** Sums of comparisons' weights in every draw, the greatest score first. */
class DrawnSums {
  readonly totals: Float64Array
  readonly #firsts: Float64Array
  readonly #seconds: Float64Array
  readonly #compared: ComparedSamples
  readonly #weights: Float64Array
  readonly #multiplicity: Float64Array
  readonly #drawCount: number

  constructor(compared: ComparedSamples, multiplicity: Float64Array, drawCount: number) {
    this.totals = new Float64Array(drawCount)
    this.#firsts = new Float64Array(drawCount)
    this.#seconds = new Float64Array(drawCount)
    this.#compared = compared
    this.#weights = comparisonWeights(compared.nonMated, sampleWeights(compared))
    this.#multiplicity = multiplicity
    this.#drawCount = drawCount
  }

  add(at: number): void {
    const [p, q] = this.#rowsOf(at)
    const [totals, multiplicity, weight] = [this.totals, this.#multiplicity, this.#weights[at]!]
    for (let draw = 0; draw < this.#drawCount; draw++)
      totals[draw]! += weight * multiplicity[p + draw]! * multiplicity[q + draw]!
  }

  /** Adds the comparisons above the start of the tail, with what its fit needs. */
  addTail(start: TailStart): void {
    for (let at = 0; at < start.count; at++) {
      const [p, q] = this.#rowsOf(at)
      const excess = this.#compared.nonMated.scores[at]! - start.score
      for (let draw = 0; draw < this.#drawCount; draw++) {
        const weight = this.#weights[at]! * this.#multiplicity[p + draw]! * this.#multiplicity[q + draw]!
        this.#firsts[draw]! += weight * excess
        this.#seconds[draw]! += weight * excess * (this.totals[draw]! + weight / 2)
        this.totals[draw]! += weight
      }
    }
  }

  tails() {
    return Array.from(this.totals, (total, draw) =>
      fitTail({ total, first: this.#firsts[draw]!, second: this.#seconds[draw]! }),
    )
  }

  /** Where the rows of a comparison's two people begin. */
  #rowsOf(at: number): readonly [number, number] {
    const { persons, nonMated } = this.#compared
    return [persons[nonMated.first[at]!]! * this.#drawCount, persons[nonMated.second[at]!]! * this.#drawCount]
  }
}
