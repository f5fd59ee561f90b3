import type { ScoreCalibration } from '../../domain/calibration.js'
import { bootstrapRates, type BootstrapPlan, type MeasuredRate, type PersonWeights } from './bootstrap.js'
import { errorCurve, type ErrorPoint } from './error-curve.js'
import { worstToMean, type GroupRates, type GroupRatio } from './groups.js'
import { ScoreHistogram } from './histogram.js'
import type { Histogram } from './open-set-measures.js'
import { fmrReliability, type NonMatedComparisons, type Reliability } from './reliability.js'
import { equalErrorRate, justAbove, thresholdAtFmr } from './statistics.js'

/** A comparison whose truth is known. People are numbered from 0. */
export interface KnownComparison {
  /** −Infinity where a sample gave no template: never a match. */
  readonly score: number
  readonly mated: boolean
  readonly probePerson: number
  readonly referencePerson: number
  /** Of both people; null where no groups are told apart, or where the two differ. */
  readonly group: string | null
}

const TARGET_FMRS = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5] as const
const SUPPORT_MIN = 10
const BIN_COUNT = 100
/** Comparisons times replicates: about ten seconds. */
const WORK_MAX = 5e8

/** FNMR at the least threshold whose FMR on these very comparisons does not exceed the target. */
export interface FmrPoint {
  readonly targetFmr: number
  /** `few`: fewer than ten non-mated comparisons lie above. Targets without any are left out. */
  readonly support: 'enough' | 'few'
  readonly threshold: number
  readonly fnmr: MeasuredRate
}

export interface PairGroups {
  readonly targetFmr: number
  readonly threshold: number
  /** `falsePositive` is FMR within the group, `falseNegative` FNMR. */
  readonly groups: readonly GroupRates[]
  readonly fmrRatio: GroupRatio | null
  readonly fnmrRatio: GroupRatio | null
}

export interface VerificationMeasures {
  readonly personCount: number
  readonly eer: number
  readonly fmrPoints: readonly FmrPoint[]
  readonly errorCurve: readonly ErrorPoint[]
  readonly histogram: Histogram
  readonly groups: PairGroups | null
  /** What the calibration predicted; null without one. */
  readonly reliability: Reliability | null
}

export interface VerificationFrame {
  /** Least and greatest score that a histogram shows. */
  readonly scoreRange: readonly [number, number]
  readonly seed: number
  /** Of the space; null where it has none. */
  readonly calibration: ScoreCalibration | null
  /** What the calibration is held against, people numbered as in the list; the list's own non-mated pairs where there is nothing larger. */
  readonly nonMated: NonMatedComparisons | null
}

/**
 * All figures of labelled comparisons. A pair of two people counts as often as both were drawn together (A. B. Owen, "The
 * pigeonhole bootstrap", 2007), a mated pair as often as its person.
 * @param comparisons of both kinds
 */
export function measureVerification(
  comparisons: readonly KnownComparison[],
  { scoreRange, seed, calibration, nonMated: wider }: VerificationFrame,
): VerificationMeasures {
  const descending = comparisons.filter(({ mated }) => !mated).sort((a, b) => b.score - a.score)
  const mated = comparisons.filter((comparison) => comparison.mated)
  const scores = { mated: mated.map(({ score }) => score), nonMated: descending.map(({ score }) => score) }
  const plan = planOf(comparisons, seed)
  const fmrPoints = TARGET_FMRS.filter((target) => target * descending.length >= 1).map((targetFmr): FmrPoint => {
    const [fnmr] = bootstrapRates(plan, (weights) => [
      matedBelow(mated, weightedThreshold(descending, targetFmr, weights), weights),
    ])
    const support = targetFmr * descending.length < SUPPORT_MIN ? 'few' : 'enough'
    return { targetFmr, support, threshold: thresholdAtFmr(scores.nonMated, targetFmr), fnmr: fnmr! }
  })
  return {
    personCount: plan.strata[0]!.length,
    eer: equalErrorRate(scores.mated, scores.nonMated),
    fmrPoints,
    errorCurve: errorCurve(scores.mated, scores.nonMated),
    histogram: { mated: sharesOf(scores.mated, scoreRange), nonMated: sharesOf(scores.nonMated, scoreRange) },
    groups: groupRates(comparisons, fmrPoints, plan),
    reliability: calibration === null ? null : fmrReliability(calibration, wider ?? nonMatedOf(descending), plan),
  }
}

function nonMatedOf(descending: readonly KnownComparison[]): NonMatedComparisons {
  const total = (weights: PersonWeights) => descending.reduce((sum, pair) => sum + weightOf(pair, weights), 0)
  return { count: descending.length, reached: descending, total }
}

function planOf(comparisons: readonly KnownComparison[], seed: number): BootstrapPlan {
  const people = new Set(comparisons.flatMap(({ probePerson, referencePerson }) => [probePerson, referencePerson]))
  return {
    seed,
    personCount: [...people].reduce((most, person) => Math.max(most, person), 0) + 1,
    strata: [[...people]],
    replicateCount: Math.max(100, Math.min(1000, Math.floor(WORK_MAX / comparisons.length))),
  }
}

function weightOf({ mated, probePerson, referencePerson }: KnownComparison, weights: PersonWeights): number {
  return mated ? weights[probePerson]! : weights[probePerson]! * weights[referencePerson]!
}

/** As `thresholdAtFmr`, weighted. */
function weightedThreshold(descending: readonly KnownComparison[], target: number, weights: PersonWeights): number {
  const total = descending.reduce((sum, comparison) => sum + weightOf(comparison, weights), 0)
  const allowed = Math.floor(target * total)
  let count = 0
  for (const comparison of descending) {
    count += weightOf(comparison, weights)
    if (count > allowed) return justAbove(comparison.score)
  }
  return NaN // nobody was drawn together with somebody else
}

function matedBelow(mated: readonly KnownComparison[], threshold: number, weights: PersonWeights): number {
  return Number.isNaN(threshold) ? NaN : share(mated, ({ score }) => score < threshold, weights)
}

function share(
  comparisons: readonly KnownComparison[],
  counts: (comparison: KnownComparison) => boolean,
  weights: PersonWeights,
): number {
  let [part, total] = [0, 0]
  for (const comparison of comparisons) {
    const weight = weightOf(comparison, weights)
    total += weight
    if (counts(comparison)) part += weight
  }
  return part / total
}

function sharesOf(scores: readonly number[], range: readonly [number, number]) {
  const histogram = new ScoreHistogram(range, BIN_COUNT)
  for (const score of scores) histogram.add(score)
  return histogram.shares()
}

/** At the strictest threshold that is well supported, else at the loosest one; null without groups. */
function groupRates(
  comparisons: readonly KnownComparison[],
  points: readonly FmrPoint[],
  plan: BootstrapPlan,
): PairGroups | null {
  const names = [...new Set(comparisons.flatMap(({ group }) => group ?? []))].sort()
  const point = points.findLast(({ support }) => support === 'enough') ?? points[0]
  if (names.length === 0 || point === undefined) return null
  const { targetFmr, threshold } = point
  const groups = names.map((group): GroupRates => {
    const own = comparisons.filter((comparison) => comparison.group === group)
    const ownPlan = { ...plan, strata: planOf(own, plan.seed).strata }
    const rateOf = (mated: boolean, isError: (comparison: KnownComparison) => boolean) => {
      const kind = own.filter((comparison) => comparison.mated === mated)
      return kind.length === 0 ? null : bootstrapRates(ownPlan, (weights) => [share(kind, isError, weights)])[0]!
    }
    return {
      group,
      personCount: ownPlan.strata[0]!.length,
      falsePositive: rateOf(false, ({ score }) => score >= threshold),
      falseNegative: rateOf(true, ({ score }) => score < threshold),
    }
  })
  return {
    targetFmr,
    threshold,
    groups,
    fmrRatio: worstToMean(groups, ({ falsePositive }) => falsePositive),
    fnmrRatio: worstToMean(groups, ({ falseNegative }) => falseNegative),
  }
}
