import type { CalibrationSource, RateEstimate, ScoreCalibration } from '../../domain/calibration.js'
import { orDomainError } from '../../domain/errors.js'
import { bootstrapRates, type BootstrapPlan, type MeasuredRate, type PersonWeights } from './bootstrap.js'
import { byTopScore, fpir, type NonMatedSearch } from './open-set-rates.js'
import { arePartsComparable } from './people.js'
import type { OwnedSample } from './split.js'

/** What a calibration says of a threshold, beside what was counted there. */
export interface ReliabilityPoint {
  readonly threshold: number
  readonly predicted: RateEstimate
  readonly measured: MeasuredRate
}

/** How a calibration's predictions did on the comparisons or searches of this evaluation. */
export interface Reliability {
  readonly kind: 'fmr' | 'fpir'
  /** What the calibration was made from. On the same people the agreement is no honest test. */
  readonly source: CalibrationSource
  /** Of `fpir`: references that a search compares. */
  readonly referenceCount: number | null
  /** Comparisons of different people, or non-mated searches. */
  readonly count: number
  readonly points: readonly ReliabilityPoint[]
}

const FPIRS = [0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.001] as const
/** The most frequent false match rate that is held against the comparisons. */
export const FMR_MAX = 0.1
const FMRS = [FMR_MAX, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6] as const

/** Comparisons times replicates: a few seconds. */
const WORK_MAX = 2e8

/** Predicted against measured FPIR, at the thresholds that the calibration derives; null where it can derive none. */
export function fpirReliability(
  calibration: ScoreCalibration,
  nonMated: readonly NonMatedSearch[],
  referenceCount: number,
  plan: BootstrapPlan,
): Reliability | null {
  const descending = byTopScore(nonMated)
  const levels = FPIRS.filter((level) => level * nonMated.length >= 1)
  return pointsOf(calibration, { kind: 'fpir', referenceCount, count: nonMated.length }, plan, {
    thresholds: thresholdsOf(levels, (level) => calibration.scoreAtFpir(level, referenceCount)),
    predicted: (score) => calibration.fpirAt(score, referenceCount),
    measured: (thresholds, weights) => thresholds.map((threshold) => fpir(descending, threshold, weights)),
  })
}

/** Comparisons of different people: those that reach a score, and how many there were. */
export interface NonMatedComparisons {
  readonly count: number
  /** Greatest first; at least all at or above the calibration's score for `FMR_MAX`. */
  readonly reached: readonly {
    readonly score: number
    readonly probePerson: number
    readonly referencePerson: number
  }[]
  /** How many comparisons people who were drawn so often have. */
  readonly total: (weights: PersonWeights) => number
}

/** Predicted against measured FMR; null where the calibration reaches none of the rates. */
export function fmrReliability(
  calibration: ScoreCalibration,
  { count, reached, total }: NonMatedComparisons,
  plan: BootstrapPlan,
): Reliability | null {
  const levels = FMRS.filter((level) => level * count >= 1)
  const replicateCount = Math.max(100, Math.min(1000, Math.floor(WORK_MAX / reached.length)))
  return pointsOf(calibration, { kind: 'fmr', referenceCount: null, count }, { ...plan, replicateCount }, {
    thresholds: thresholdsOf(levels, (level) => calibration.scoreAtFmr(level)),
    predicted: (score) => calibration.fmrAt(score),
    measured: (thresholds, weights) => {
      const all = total(weights)
      const rates = new Map<number, number>()
      let [next, weight] = [0, 0]
      for (const threshold of thresholds.toReversed()) {
        for (; next < reached.length && reached[next]!.score >= threshold; next++)
          weight += weights[reached[next]!.probePerson]! * weights[reached[next]!.referencePerson]!
        rates.set(threshold, weight / all)
      }
      return thresholds.map((threshold) => rates.get(threshold)!)
    },
  })
}

interface Rates {
  /** Rising. */
  readonly thresholds: readonly number[]
  readonly predicted: (score: number) => RateEstimate
  readonly measured: (thresholds: readonly number[], weights: PersonWeights) => readonly number[]
}

function pointsOf(
  { source }: ScoreCalibration,
  about: Pick<Reliability, 'kind' | 'referenceCount' | 'count'>,
  plan: BootstrapPlan,
  { thresholds, predicted, measured }: Rates,
): Reliability | null {
  if (thresholds.length === 0) return null
  const rates = bootstrapRates(plan, (weights) => measured(thresholds, weights))
  const points = thresholds.map((threshold, i) => ({
    threshold,
    predicted: predicted(threshold),
    measured: rates[i]!,
  }))
  return { ...about, source, points }
}

/** Of falling rates; those beyond the curve are left out. */
function thresholdsOf(levels: readonly number[], scoreAt: (level: number) => number): readonly number[] {
  const scores = levels.map((level) => orDomainError(() => scoreAt(level)))
  return [...new Set(scores.filter((score): score is number => typeof score === 'number'))]
}

/** References that a search compares, the mean over the probes: all of them, or those of the same finger. */
export function referencesPerSearch(probes: readonly OwnedSample[], references: readonly OwnedSample[]): number {
  const [probeParts, referenceParts] = [countsOf(probes), countsOf(references)]
  let count = 0
  for (const [a, probeCount] of probeParts)
    for (const [b, referenceCount] of referenceParts) if (arePartsComparable(a, b)) count += probeCount * referenceCount
  return probes.length === 0 ? 0 : Math.round(count / probes.length)
}

function countsOf(samples: readonly OwnedSample[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { part } of samples) counts.set(part, (counts.get(part) ?? 0) + 1)
  return counts
}
