import { fitTail, tailQuantile, tailSums } from '../calibration/tail.js'

/** The greatest of many scores. */
export interface UpperScores {
  /** Greatest first: all that reach some score. */
  readonly scores: Float64Array
  /** How many scores there were with those below. */
  readonly totalCount: number
  /** The share of the scores that a generalised Pareto tail is fitted to. */
  readonly tailShare: number
}

interface Knot {
  /** Of a drawn template, and of a real one at the same false match rate. */
  readonly drawn: number
  readonly real: number
}

/** From where distractors begin to matter to what two billion comparisons reach, four steps a decade. */
const FIRST_RATE = 0.03
const KNOTS_PER_DECADE = 4
const DECADES = 9

/** The share of scores that is needed to make a correction. */
export const UPPER_SHARE = 0.1

/**
 * A rising map under which drawn templates have the false match rate of real ones at every score: drawn ones resemble each other
 * less often, because likeness of two people has more than the second moments that the model keeps. Counted where scores are many,
 * along the Pareto tails beyond. Below the first knot all scores are shifted alike.
 */
export class ScoreCorrection {
  readonly #knots: readonly Knot[]

  constructor(drawn: UpperScores, real: UpperScores) {
    const [drawnAt, realAt] = [quantiles(drawn), quantiles(real)]
    const knots: Knot[] = []
    for (let i = 0; i <= DECADES * KNOTS_PER_DECADE; i++) {
      const rate = FIRST_RATE * 10 ** (-i / KNOTS_PER_DECADE)
      const knot = { drawn: drawnAt(rate), real: realAt(rate) }
      const before = knots.at(-1)
      if (before === undefined || (knot.drawn > before.drawn && knot.real > before.real)) knots.push(knot)
    }
    this.#knots = knots
  }

  /** @returns the score that a real template as rare has, a cosine: 1 at most */
  toReal(drawn: number): number {
    return Math.min(1, this.#mapped(drawn, 'drawn', 'real'))
  }

  /** The inverse; ±Infinity stay what they are. */
  toDrawn(real: number): number {
    return this.#mapped(real, 'real', 'drawn')
  }

  #mapped(score: number, from: keyof Knot, to: keyof Knot): number {
    const knots = this.#knots
    const [first, last] = [knots[0]!, knots.at(-1)!]
    if (score <= first[from]) return score + first[to] - first[from]
    if (score >= last[from]) return score + last[to] - last[from]
    let [low, high] = [0, knots.length - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (knots[middle]![from] <= score) low = middle
      else high = middle
    }
    const [a, b] = [knots[low]!, knots[high]!]
    return a[to] + ((score - a[from]) / (b[from] - a[from])) * (b[to] - a[to])
  }
}

/** The score that a share of all scores exceeds. */
function quantiles({ scores, totalCount, tailShare }: UpperScores): (rate: number) => number {
  const count = Math.floor(tailShare * totalCount)
  const start = scores[count]!
  const excesses = scores.subarray(0, count).map((score) => score - start)
  const tail = fitTail(tailSums(excesses, new Float64Array(count).fill(1)))
  return (rate) =>
    rate < tailShare ? start + tailQuantile(tail, rate / tailShare) : scores[Math.floor(rate * totalCount)]!
}
