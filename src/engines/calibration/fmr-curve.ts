import type { Comparisons } from '../../domain/calibration.js'
import { fitTail, tailExceedance, tailSums, tailQuantile, type ExcessTail } from './tail.js'

/** Where the fitted tail takes over from counting. */
export interface TailStart {
  /** A score; how many comparisons lie above it. */
  readonly score: number
  readonly count: number
}

/** False match rate by score: counted up to the start of the tail, fitted above it. */
export interface FmrCurve {
  readonly start: TailStart
  /** Share of the weight above the start. */
  readonly tailShare: number
  readonly tail: ExcessTail
  rateAt(score: number): number
  /** The score at a rate over 0; the curve's inverse. */
  scoreAt(rate: number): number
}

/**
 * The top hundredth is fitted. Measured on LFW's development view (both halves, both shipped spaces, each predicting the other):
 * between the top 0.2 % and 2 % the predicted rates at FMR 1e-3 to 1e-5 differ by under a fifth, less than two halves do; at 5 %
 * the tail bends.
 */
const TAIL_SHARE = 0.01
/** Of few comparisons more is taken: under a hundred excesses the shape is a guess (Hosking and Wallis, 1987, table 3). */
export const TAIL_COUNT_MIN = 100

/** @param scores greatest first, over ten times `TAIL_COUNT_MIN` */
export function tailStart(scores: Float64Array): TailStart {
  const wanted = Math.max(TAIL_COUNT_MIN, Math.round(scores.length * TAIL_SHARE))
  const score = scores[wanted]!
  let count = wanted
  while (count > 0 && scores[count - 1] === score) count-- // excesses are over 0: ties with the start stay below it
  return { score, count }
}

/** @param weights of the comparisons, in their order */
export function fitFmr({ scores }: Comparisons, weights: Float64Array, start: TailStart): FmrCurve {
  const sums = runningSums(weights)
  const total = sums.at(-1)!
  const excesses = scores.subarray(0, start.count).map((score) => score - start.score)
  const tail = fitTail(tailSums(excesses, weights.subarray(0, start.count)))
  const tailShare = sums[start.count]! / total
  return {
    start,
    tail,
    tailShare,
    rateAt: (score) =>
      score > start.score
        ? tailShare * tailExceedance(tail, score - start.score)
        : sums[countAtLeast(scores, score)]! / total,
    scoreAt: (rate) =>
      rate < tailShare
        ? start.score + tailQuantile(tail, rate / tailShare)
        : scores[Math.max(0, firstReaching(sums, rate * total) - 1)]!,
  }
}

/** 0, w₀, w₀ + w₁ … */
function runningSums(weights: Float64Array): Float64Array {
  const sums = new Float64Array(weights.length + 1)
  for (let i = 0; i < weights.length; i++) sums[i + 1] = sums[i]! + weights[i]!
  return sums
}

/** How many of the descending scores are at or above one. */
export function countAtLeast(descending: Float64Array, score: number): number {
  let [low, high] = [0, descending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (descending[middle]! >= score) low = middle + 1
    else high = middle
  }
  return low
}

/** The first position of ascending values that reaches `value`. */
function firstReaching(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
