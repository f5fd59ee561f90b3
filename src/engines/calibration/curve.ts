import type { CalibrationSource, RateEstimate, ScoreCalibration } from '../../domain/calibration.js'
import { invalid } from '../../domain/errors.js'
import type { CalibrationContent, CalibrationKnot } from './content.js'
import { fpirAtMost, fpirOf, galleryFactor } from './fpir.js'
import { wilsonInterval } from './wilson.js'

/** Reads a fitted calibration at any score: between its knots, and no further than they reach. */
export class CalibrationCurve implements ScoreCalibration {
  readonly #content: CalibrationContent
  readonly #knots: readonly CalibrationKnot[]

  constructor(content: CalibrationContent) {
    this.#content = content
    this.#knots = content.knots
  }

  get algorithm(): string {
    return this.#content.algorithm
  }

  get source(): CalibrationSource {
    return this.#content.source
  }

  get resolution(): number {
    return this.#content.resolution
  }

  fmrAt(score: number): RateEstimate {
    const { fmr, fmrLower95, fmrUpper95 } = this.#at(score)
    return { rate: fmr, lower95: fmrLower95, upper95: fmrUpper95, isExtrapolated: fmr < this.resolution }
  }

  fnmrAt(score: number): RateEstimate {
    const { fnmr } = this.#at(score)
    const [lower95, upper95] = wilsonInterval(fnmr, this.source.matedPersonCount)
    return { rate: fnmr, lower95, upper95, isExtrapolated: fnmr * this.source.matedCount < 1 }
  }

  scoreAtFmr(fmr: number): number {
    if (!(fmr > 0 && fmr <= 1)) throw invalid('fmr', 'a false match rate over 0 and up to 1', String(fmr))
    return this.#leastScore((knot) => knot.fmr, fmr, 'fmr')
  }

  llrAt(score: number): number {
    return this.#at(score).llr
  }

  fpirAt(score: number, referenceCount: number): RateEstimate {
    const knot = this.#at(score)
    checkCount(referenceCount)
    if (referenceCount === 0) return { rate: 0, lower95: 0, upper95: 0, isExtrapolated: false }
    const { fmr, fmrLower95, fmrUpper95, shape } = knot
    const isFurther = referenceCount > this.source.sampleCount
    const lower = fmr / galleryFactor(fmr / fmrLower95, shape, referenceCount)
    const upper = Math.min(1, fmr * galleryFactor(fmrUpper95 / fmr, shape, referenceCount))
    return {
      rate: fpirOf(fmr, shape, referenceCount),
      lower95: fpirOf(lower, shape, referenceCount),
      // How alike probes are was seen over as many references as there were samples; over more of them the worst is assumed.
      upper95: isFurther ? fpirAtMost(upper, referenceCount) : fpirOf(upper, shape, referenceCount),
      isExtrapolated: isFurther || fmr < this.resolution,
    }
  }

  scoreAtFpir(fpir: number, referenceCount: number): number {
    if (!(fpir > 0 && fpir < 1)) throw invalid('target_fpir', 'a rate over 0 and under 1', String(fpir))
    checkCount(referenceCount)
    if (referenceCount === 0) return this.#knots[0]!.score
    return this.#leastScore(({ fmr, shape }) => fpirOf(fmr, shape, referenceCount), fpir, 'target_fpir')
  }

  /** @throws DomainError INVALID_ARGUMENT on what is no number: it must not read as the best match */
  #at(score: number): CalibrationKnot {
    if (Number.isNaN(score)) throw invalid('score', 'a number', 'none')
    const next = this.#knots.findIndex((knot) => knot.score > score)
    if (next === 0) return this.#knots[0]!
    if (next === -1) return this.#knots.at(-1)!
    return interpolated(this.#knots[next - 1]!, this.#knots[next]!, score)
  }

  /** Bisection: rates fall with the score, and 50 halvings are finer than a float64. */
  #leastScore(rateOf: (knot: CalibrationKnot) => number, target: number, field: string): number {
    let [low, high] = [this.#knots[0]!.score, this.#knots.at(-1)!.score]
    const rarest = rateOf(this.#at(high))
    if (rarest > target)
      throw invalid(
        field,
        `at least ${rarest.toPrecision(2)}, the rarest rate that this calibration reaches`,
        String(target),
      )
    if (rateOf(this.#at(low)) <= target) return low
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2
      if (rateOf(this.#at(middle)) > target) low = middle
      else high = middle
    }
    return high
  }
}

function checkCount(referenceCount: number): void {
  if (!(Number.isFinite(referenceCount) && referenceCount >= 0))
    throw invalid('reference_count', 'a number of references, 0 or more', String(referenceCount))
}

/** Rates and shapes straight in their logarithms, the others straight. */
function interpolated(a: CalibrationKnot, b: CalibrationKnot, score: number): CalibrationKnot {
  const share = (score - a.score) / (b.score - a.score)
  const straight = (from: number, to: number) => from + share * (to - from)
  const inLogs = (from: number, to: number) => (from === to ? from : Math.exp(straight(Math.log(from), Math.log(to)))) // a level rate stays what it is, to the last digit
  return {
    score,
    fmr: inLogs(a.fmr, b.fmr),
    fmrLower95: inLogs(a.fmrLower95, b.fmrLower95),
    fmrUpper95: inLogs(a.fmrUpper95, b.fmrUpper95),
    fnmr: straight(a.fnmr, b.fnmr),
    llr: straight(a.llr, b.llr),
    shape: inLogs(a.shape, b.shape),
  }
}
