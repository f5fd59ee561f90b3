import { FingerComparer } from '../../src/engines/finger/comparer.js'
import type { FingerModel } from '../../src/engines/finger/model.js'
import { nonMatedPairs, syntheticPrints } from './synthetic-set.js'

/** Knots lie this far apart in −log10(FMR). */
const STEP = 0.25
/** A rate is stated where at least so many comparisons reach it: its relative standard error is then 22 %. */
const SUPPORT_MIN = 20
/** From where on the tail is a straight line, for the extrapolation. */
const TAIL_FROM = 2
/** Claims beyond one false match in 10^12 would be about the model, not about fingers. */
const SCORE_MAX = 12
/**
 * Taken off every score. Real fingers of different people are a little more alike than synthetic ones: of the 5,760 non-mated
 * pairs of FVC2002 and FVC2004 DB1_B 2.7 % reach what 1 % of the synthetic ones reach (models/finger/README.md), and half a
 * decade is 3.2 times.
 */
const REAL_MARGIN = 0.5

/**
 * The map from log-odds to −log10(FMR), from comparisons of synthetic prints of different fingers, less the margin for real
 * ones; the last knot, at SCORE_MAX, lies on the least-squares line through the knots from TAIL_FROM on: an extrapolation,
 * and no measured rate.
 */
export function calibrate(model: FingerModel, seed: string, fingerCount: number): FingerModel['calibration'] {
  const prints = syntheticPrints(seed, fingerCount, 2, model)
  const comparer = new FingerComparer(model)
  const values: number[] = []
  for (const [probe, reference] of nonMatedPairs(prints, 1))
    values.push(comparer.logOdds(probe.features, reference.features))
  return knots(Float64Array.from(values).sort().reverse())
}

/** @param descending log-odds of non-mated comparisons, greatest first */
export function knots(descending: Float64Array): FingerModel['calibration'] {
  const logOdds: number[] = []
  const score: number[] = []
  const finiteCount = descending.filter(Number.isFinite).length
  for (let knot = 0; ; knot++) {
    const reached = Math.round(descending.length * Math.exp(-knot * STEP * Math.LN10))
    if (reached < SUPPORT_MIN) break
    const value = round(descending[Math.min(reached, finiteCount) - 1]!)
    if (value <= (logOdds.at(-1) ?? -Infinity)) continue // most pairs have nothing alike, and none has less
    logOdds.push(value)
    score.push(knot * STEP)
  }
  return withMargin(logOdds, score)
}

/** The first knot stays at 0, so that no order is lost; the others lose the margin. */
export function withMargin(logOdds: readonly number[], score: readonly number[]): FingerModel['calibration'] {
  const { slope, start } = tailLine(logOdds, score)
  const last = { logOdds: round((SCORE_MAX + REAL_MARGIN - start) / slope), score: SCORE_MAX }
  const kept = logOdds.flatMap((value, i) =>
    score[i]! > REAL_MARGIN ? [{ logOdds: value, score: score[i]! - REAL_MARGIN }] : [],
  )
  const all = [{ logOdds: logOdds[0]!, score: 0 }, ...kept, last]
  return {
    logOdds: Float64Array.from(all, (knot) => knot.logOdds),
    score: Float64Array.from(all, (knot) => knot.score),
  }
}

/** score = start + slope · log-odds, by least squares over the tail. */
function tailLine(logOdds: readonly number[], score: readonly number[]): { slope: number; start: number } {
  const tail = logOdds.flatMap((x, i) => (score[i]! >= TAIL_FROM ? [{ x, y: score[i]! }] : []))
  if (tail.length < 2) throw new Error(`a calibration needs two knots from score ${TAIL_FROM} on`)
  const mean = (of: (point: { x: number; y: number }) => number) =>
    tail.reduce((sum, p) => sum + of(p), 0) / tail.length
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  const slope = mean(({ x, y }) => (x - mx) * (y - my)) / mean(({ x }) => (x - mx) ** 2)
  return { slope, start: my - slope * mx }
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
