import type { CalibrationSource, ComparedSamples } from '../../domain/calibration.js'
import { DomainError } from '../../domain/errors.js'
import { probeShapes } from './alikeness.js'
import { FORMAT, type CalibrationContent, type CalibrationKnot } from './content.js'
import { drawnRates } from './drawn-rates.js'
import { countAtLeast, fitFmr, tailStart, TAIL_COUNT_MIN, type FmrCurve, type TailStart } from './fmr-curve.js'
import { fitLlr } from './likelihood.js'
import { withMargin } from './margin.js'
import { comparisonWeights, sampleWeights } from './weights.js'

export interface CalibrationInput {
  readonly algorithm: string
  /** Without the counts that the comparisons themselves give. */
  readonly source: Pick<CalibrationSource, 'data' | 'failuresToExtract' | 'date' | 'command'>
  readonly compared: ComparedSamples
  /** The rarest rate that must be measured; null for whatever the data gives. */
  readonly lowestFmr: number | null
  /** Powers of ten, 0 for rates as measured; see `withMargin`. */
  readonly marginDecades: number
  readonly seed: number
  /** Uniform in [0, 1), from the seed. */
  readonly random: () => number
}

/** A rate is measured where this many comparisons support it; the same rule as for the operating points of a space. */
const SUPPORT_COUNT = 10
/** Beyond the rarest measured rate: as `engines/fusion` believes. Greater scores keep the last rate: nothing rarer is claimed. */
const EXTRAPOLATED_DECADES = 2
/** The tail must have more comparisons below it than in it. */
const NON_MATED_MIN = 10 * TAIL_COUNT_MIN
const PEOPLE_MIN = 10
const KNOTS_PER_DECADE = 6
/** Ends of a 95 % interval are then the 5th value from either side. */
const DRAW_COUNT = 200
/** Knots for false non-matches and likelihood ratios: mated scores mostly lie where no non-mated one does. */
const MATED_SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1] as const
/** A drawn tail may end below a knot; the lower end of an interval is no less than this. */
const RATE_MIN = 1e-12

/**
 * Fits the calibration of one space: `false match curve → knots → interval over people → probe shapes → false non-match → llr`.
 * @throws DomainError INVALID_ARGUMENT where the data is too little for any rate, or for the one that was asked for
 */
export function fitCalibration(input: CalibrationInput): CalibrationContent {
  const { compared, algorithm, seed, marginDecades } = input
  checkEnough(input)
  const { nonMated, mated } = compared
  const weights = sampleWeights(compared)
  const start = tailStart(nonMated.scores)
  const curve = fitFmr(nonMated, comparisonWeights(nonMated, weights), start)
  checkTail(curve)
  const resolution = SUPPORT_COUNT / nonMated.scores.length
  const floor = resolution / 10 ** EXTRAPOLATED_DECADES
  const scores = knotScores(curve, floor, mated.scores)
  const intervals = drawIntervals(input, start, scores)
  const shapes = supportedShapes(compared, scores)
  const matedWeights = matedPersonWeights(compared)
  const llr = fitLlr(
    { scores: mated.scores.toReversed(), weights: matedWeights.toReversed() },
    { scores: nonMated.scores.toReversed(), weights: comparisonWeights(nonMated, weights).toReversed() },
  )
  const knots = scores.map((score, i): CalibrationKnot => {
    const fmr = Math.max(floor, curve.rateAt(score))
    const { lower, upper } = intervals[i]!
    const measured = {
      score,
      fmr,
      fmrLower95: Math.min(fmr, lower),
      fmrUpper95: Math.max(fmr, upper),
      fnmr: shareBelow(mated.scores, matedWeights, score),
      llr: llr(score),
      shape: shapes[i]!,
    }
    return rounded(withMargin(measured, marginDecades))
  })
  return {
    format: FORMAT,
    algorithm,
    source: sourceOf(input),
    tail: { score: start.score, count: start.count, shape: digits(curve.tail.shape), scale: digits(curve.tail.scale) },
    bootstrap: { seed, drawCount: DRAW_COUNT },
    ...(marginDecades === 0 ? {} : { marginDecades }),
    resolution: digits(Math.min(1, resolution * 10 ** marginDecades)),
    knots,
  }
}

function checkEnough({ compared, lowestFmr }: CalibrationInput): void {
  const { personCount, nonMated } = compared
  const count = nonMated.scores.length
  if (personCount < PEOPLE_MIN) throw tooLittle(`at least ${PEOPLE_MIN} people`, `${personCount}`)
  if (count < NON_MATED_MIN) throw tooLittle(`at least ${NON_MATED_MIN} comparisons of different people`, `${count}`)
  if (lowestFmr === null) return
  const needed = Math.ceil(SUPPORT_COUNT / lowestFmr)
  if (count < needed)
    throw tooLittle(`${needed} comparisons of different people for an FMR of ${lowestFmr}`, `${count}`)
}

function checkTail({ start, tail }: FmrCurve): void {
  if (start.count >= TAIL_COUNT_MIN / 2 && tail.scale > 0) return
  throw tooLittle('different scores among the greatest of different people', 'ties')
}

function tooLittle(expected: string, got: string): DomainError {
  return new DomainError('INVALID_ARGUMENT', expected, got, { field: 'folder' })
}

/**
 * Ascending, each once after rounding: over the range of both classes, from the least score to the greatest mated one, and as far as
 * false match rates are believed.
 * @param floor the rarest rate that is stated
 * @param mated greatest first
 */
function knotScores(curve: FmrCurve, floor: number, mated: Float64Array): readonly number[] {
  const count = Math.floor(-Math.log10(floor) * KNOTS_PER_DECADE)
  const decades = Array.from({ length: count - 1 }, (_, i) => 10 ** (-(i + 2) / KNOTS_PER_DECADE))
  const ofRates = [1, 0.9, 0.75, ...decades, floor].map((rate) => curve.scoreAt(rate))
  const ofMates = MATED_SHARES.map((share) => mated[Math.round(share * (mated.length - 1))]!)
  const scores = [...ofRates, ...ofMates].map((score) => Math.round(score * 1e4) / 1e4)
  return [...new Set(scores)].sort((a, b) => a - b)
}

/** The middle 95 % of the rates at each score. */
function drawIntervals({ compared, random }: CalibrationInput, start: TailStart, scores: readonly number[]) {
  const outside = Math.floor(DRAW_COUNT * 0.025)
  return drawnRates(compared, start, scores, { drawCount: DRAW_COUNT, random }).map((draws) => {
    const rates = draws.map((rate) => Math.max(RATE_MIN, rate)).sort((a, b) => a - b)
    return { lower: rates[outside - 1]!, upper: rates[DRAW_COUNT - outside]! }
  })
}

/** Where under ten comparisons are left, the last shape that more of them gave. */
function supportedShapes(compared: ComparedSamples, ascending: readonly number[]): readonly number[] {
  const { scores } = compared.nonMated
  const supported = ascending.filter((score) => countAtLeast(scores, score) >= SUPPORT_COUNT)
  const shapes = probeShapes(compared, supported)
  return ascending.map((_, i) => shapes[Math.min(i, shapes.length - 1)]!)
}

/** Every person with mated comparisons weighs one, however many photographs there are. */
function matedPersonWeights({ mated, persons, personCount }: ComparedSamples): Float64Array {
  const counts = new Uint32Array(personCount)
  for (const sample of mated.first) counts[persons[sample]!]!++
  return Float64Array.from(mated.first, (sample) => 1 / counts[persons[sample]!]!)
}

/** @param scores greatest first */
function shareBelow(scores: Float64Array, weights: Float64Array, score: number): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
  return sum(weights.subarray(countAtLeast(scores, score))) / sum(weights)
}

function sourceOf({ source, compared }: CalibrationInput): CalibrationSource {
  const { persons, personCount, mated, nonMated } = compared
  const { data, failuresToExtract, date, command } = source
  return {
    data,
    personCount,
    sampleCount: persons.length,
    failuresToExtract,
    nonMatedCount: nonMated.scores.length,
    matedCount: mated.scores.length,
    matedPersonCount: new Set(Array.from(mated.first, (sample) => persons[sample]!)).size,
    date,
    command,
  }
}

/** Four digits: more than the intervals warrant, and few enough for a readable file. */
function digits(value: number): number {
  return Number(value.toPrecision(4))
}

function rounded(knot: CalibrationKnot): CalibrationKnot {
  const { score, fmr, fmrLower95, fmrUpper95, fnmr, llr, shape } = knot
  return {
    score,
    fmr: digits(fmr),
    fmrLower95: digits(fmrLower95),
    fmrUpper95: digits(fmrUpper95),
    fnmr: digits(fnmr),
    llr: digits(llr),
    shape: digits(shape),
  }
}
