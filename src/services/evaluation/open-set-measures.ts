import { bootstrapRates, type BootstrapPlan, type MeasuredRate, type PersonWeights } from './bootstrap.js'
import { errorCurve, type ErrorPoint } from './error-curve.js'
import { worstToMean, type GroupRates, type GroupRatio } from './groups.js'
import { byTopScore, fnir, fpir, hitRate, thresholdAtFpir, type NonMatedSearch } from './open-set-rates.js'
import type { OpenSetSearches } from './open-set-searches.js'

/** Of issue 5: from a desk that looks at every third search to a watchlist of few alarms. */
export const TARGET_FPIRS = [0.3, 0.1, 0.03, 0.01, 0.003] as const
/** Length of the candidate lists that are judged, R of FNIR(N, R, T); NIST's FRVT 1:N asks for 20 at least. */
export const CANDIDATES_MAX = 20
/** House rule: rates that fewer events support are marked as rough, those without any event are not stated. */
const SUPPORT_MIN = 10

/** FNIR at the threshold that keeps a target FPIR on these very searches. */
export interface FpirPoint {
  readonly targetFpir: number
  /** `none`: not even one of the non-mated searches may be a false positive at this target, so no threshold is stated. */
  readonly support: 'enough' | 'few' | 'none'
  /** The rest is null where there is no support. */
  readonly threshold: number | null
  readonly falsePositiveCount: number | null
  readonly fnirRank1: MeasuredRate | null
  readonly fnirRankMax: MeasuredRate | null
}

/** Groups at the threshold for one target FPIR of everybody together. */
export interface OpenSetGroups {
  readonly targetFpir: number
  readonly threshold: number
  readonly groups: readonly GroupRates[]
  readonly fpirRatio: GroupRatio | null
  readonly fnirRatio: GroupRatio | null
}

export interface OpenSetMeasures {
  /** N: enrolled people with a template. */
  readonly referenceCount: number
  readonly matedSearchCount: number
  readonly matedPersonCount: number
  readonly nonMatedSearchCount: number
  readonly nonMatedPersonCount: number
  /** R of `fnirRankMax`. */
  readonly rankMax: number
  readonly fpirPoints: readonly FpirPoint[]
  /** Share of mated searches with the mate among the first R, for R = 1, 2, … rankMax. */
  readonly cmc: readonly MeasuredRate[]
  /** FPIR against FNIR(N, rankMax, T). */
  readonly errorCurve: readonly ErrorPoint[]
  readonly histogram: Histogram
  readonly groups: OpenSetGroups | null
}

/** Score and share, by bins. */
export interface Histogram {
  readonly mated: readonly (readonly [number, number])[]
  readonly nonMated: readonly (readonly [number, number])[]
}

export interface OpenSetFrame {
  readonly referenceCount: number
  readonly personCount: number
  /** Group of each person; null where none are told apart. */
  readonly groups: readonly string[] | null
  readonly seed: number
}

/** All figures of an open-set experiment. Pure: the same searches and seed give the same figures. */
export function measureOpenSet(searches: OpenSetSearches, frame: OpenSetFrame): OpenSetMeasures {
  const descending = byTopScore(searches.nonMated)
  const plan = planOf(searches, frame)
  const [matedPeople, nonMatedPeople] = plan.strata
  const points = TARGET_FPIRS.map((target) => fpirPoint(target, searches, descending, plan))
  const ranks = Array.from({ length: Math.min(CANDIDATES_MAX, frame.referenceCount) }, (_, i) => i + 1)
  return {
    referenceCount: frame.referenceCount,
    matedSearchCount: searches.mated.length,
    matedPersonCount: matedPeople!.length,
    nonMatedSearchCount: searches.nonMated.length,
    nonMatedPersonCount: nonMatedPeople!.length,
    rankMax: CANDIDATES_MAX,
    fpirPoints: points,
    cmc: rising(
      bootstrapRates({ ...plan, strata: [matedPeople!] }, (weights) =>
        ranks.map((rank) => hitRate(searches.mated, rank, weights)),
      ),
    ),
    errorCurve: errorCurve(
      searches.mated.map(({ mateScore, mateRank }) => (mateRank > CANDIDATES_MAX ? -Infinity : mateScore)),
      searches.nonMated.map(({ topScore }) => topScore),
    ),
    histogram: { mated: searches.matedScores.shares(), nonMated: searches.nonMatedScores.shares() },
    groups: frame.groups === null ? null : groupRates(frame.groups, searches, points, plan),
  }
}

/** A mate among the first R is among the first R + 1: what bounds one from below bounds the next. */
function rising(rates: readonly MeasuredRate[]): readonly MeasuredRate[] {
  let lower95 = 0
  return rates.map((rate) => {
    lower95 = Math.max(lower95, rate.lower95)
    return { ...rate, lower95 }
  })
}

/** People are drawn among those of mated and those of non-mated searches. */
export function planOf({ mated, nonMated }: OpenSetSearches, { personCount, seed }: OpenSetFrame): BootstrapPlan {
  const peopleIn = (list: readonly { readonly person: number }[]) => [...new Set(list.map(({ person }) => person))]
  return { seed, personCount, strata: [peopleIn(mated), peopleIn(nonMated)] }
}

/** The threshold is chosen again in each replicate: its uncertainty is part of the interval. */
function fpirPoint(
  targetFpir: number,
  { mated }: OpenSetSearches,
  descending: readonly NonMatedSearch[],
  plan: BootstrapPlan,
): FpirPoint {
  const expected = targetFpir * descending.length
  if (expected < 1)
    return {
      targetFpir,
      support: 'none',
      threshold: null,
      falsePositiveCount: null,
      fnirRank1: null,
      fnirRankMax: null,
    }
  const [fnirRank1, fnirRankMax] = bootstrapRates(plan, (weights) => {
    const threshold = thresholdAtFpir(descending, targetFpir, weights)
    return [fnir(mated, 1, threshold, weights), fnir(mated, CANDIDATES_MAX, threshold, weights)]
  })
  const everybody = new Float64Array(plan.personCount).fill(1)
  const threshold = thresholdAtFpir(descending, targetFpir, everybody)
  return {
    targetFpir,
    support: expected < SUPPORT_MIN ? 'few' : 'enough',
    threshold,
    falsePositiveCount: Math.round(fpir(descending, threshold, everybody) * descending.length),
    fnirRank1: fnirRank1!,
    fnirRankMax: fnirRankMax!,
  }
}

/** At the strictest threshold that is well supported, else at the loosest one; null without any. */
function groupRates(
  groups: readonly string[],
  { mated, nonMated }: OpenSetSearches,
  points: readonly FpirPoint[],
  plan: BootstrapPlan,
): OpenSetGroups | null {
  const point = points.findLast(({ support }) => support === 'enough') ?? points[0]
  if (point === undefined || point.threshold === null) return null
  const { targetFpir, threshold } = point
  const rows = [...new Set(groups)].sort().map((group): GroupRates => {
    const inGroup = ({ person }: { readonly person: number }) => groups[person] === group
    const strata = plan.strata.map((stratum) => stratum.filter((person) => groups[person] === group))
    const own = { mated: mated.filter(inGroup), nonMated: nonMated.filter(inGroup) }
    const rateOf = (count: number, stratum: readonly number[], rate: (weights: PersonWeights) => number) =>
      count === 0 ? null : bootstrapRates({ ...plan, strata: [stratum] }, (weights) => [rate(weights)])[0]!
    return {
      group,
      personCount: groups.filter((name) => name === group).length,
      falsePositive: rateOf(own.nonMated.length, strata[1]!, (weights) => fpir(own.nonMated, threshold, weights)),
      falseNegative: rateOf(own.mated.length, strata[0]!, (weights) =>
        fnir(own.mated, CANDIDATES_MAX, threshold, weights),
      ),
    }
  })
  return {
    targetFpir,
    threshold,
    groups: rows,
    fpirRatio: worstToMean(rows, ({ falsePositive }) => falsePositive),
    fnirRatio: worstToMean(rows, ({ falseNegative }) => falseNegative),
  }
}
