import type { FpirSpan, MonitoredCounts } from '../../domain/monitor.js'
import { binomialInterval } from './binomial-interval.js'

/**
 * Whether a gallery's false positives are as many as predicted.
 * - `higher-than-predicted`: the 95 % interval of the observed rate lies above that of the predicted one;
 * - `lower-than-predicted`: it lies below;
 * - `as-predicted`: the intervals overlap, and there were searches enough to notice a difference;
 * - `too-few-searches`: they overlap, and there were not;
 * - `too-few-outcomes`: it depends on alarms that nobody has decided;
 * - `not-predicted`: there is no calibration for these searches.
 */
export type MonitorVerdict =
  | 'higher-than-predicted'
  | 'lower-than-predicted'
  | 'as-predicted'
  | 'too-few-searches'
  | 'too-few-outcomes'
  | 'not-predicted'

/** False positives among the searches of people who are not in the gallery. */
export interface ObservedFpir {
  /** If every undecided alarm is a true one, and if every one is false; equal when all are decided. */
  readonly leastRate: number
  readonly mostRate: number
  /** Ends of the 95 % intervals: the lower one of the least rate, the upper one of the greatest. */
  readonly lower95: number
  readonly upper95: number
}

/** What was predicted and what was seen of one gallery in one space. */
export interface MonitoredFpir extends MonitoredCounts {
  /** Alarms without an outcome. */
  readonly pendingCount: number
  /** Mean over the searches; null where none is predicted. */
  readonly predicted: FpirSpan | null
  /** Null where every search was of a listed person. */
  readonly observed: ObservedFpir | null
  readonly verdict: MonitorVerdict
}

/**
 * So many false positives must have been predicted before they can be as predicted: a rate of twice the upper end of the predicted
 * interval is then called higher in 7 cases of 10 or more (test/services/monitor/compare-fpir.test.ts reckons it).
 */
const PREDICTED_COUNT_MIN = 10

/** One way in which the undecided alarms may turn out. */
interface Decided {
  readonly falseCount: number
  readonly nonMatedCount: number
}

/** `counts → the two extreme decisions of what is undecided → rates, intervals, verdict`. */
export function compareFpir(counts: MonitoredCounts): MonitoredFpir {
  const { searchCount, alarmCount, samePersonCount, differentPeopleCount, inconclusiveCount } = counts
  const pendingCount = alarmCount - samePersonCount - differentPeopleCount - inconclusiveCount
  const undecidedCount = pendingCount + inconclusiveCount
  const nonMatedCount = searchCount - samePersonCount
  const least = { falseCount: differentPeopleCount, nonMatedCount: nonMatedCount - undecidedCount }
  const most = { falseCount: differentPeopleCount + undecidedCount, nonMatedCount }
  const predicted = predictedOf(counts)
  return {
    ...counts,
    pendingCount,
    predicted,
    observed: nonMatedCount === 0 ? null : observedBetween(least, most),
    verdict: predicted === null ? 'not-predicted' : verdictBetween(least, most, predicted),
  }
}

function predictedOf({ isPredicted, predictedSum, searchCount }: MonitoredCounts): FpirSpan | null {
  if (!isPredicted || searchCount === 0) return null
  const { rate, lower95, upper95 } = predictedSum
  return { rate: rate / searchCount, lower95: lower95 / searchCount, upper95: upper95 / searchCount }
}

function observedBetween(least: Decided, most: Decided): ObservedFpir {
  return {
    leastRate: rateOf(least),
    mostRate: rateOf(most),
    lower95: intervalOf(least)[0],
    upper95: intervalOf(most)[1],
  }
}

/** The rate rises with each undecided alarm that is false, so that what both extremes say holds in between. */
function verdictBetween(least: Decided, most: Decided, predicted: FpirSpan): MonitorVerdict {
  const hasEnough = least.nonMatedCount * predicted.rate >= PREDICTED_COUNT_MIN
  const verdictOf = (decided: Decided): MonitorVerdict => {
    const [lower, upper] = intervalOf(decided)
    if (lower > predicted.upper95) return 'higher-than-predicted'
    if (upper < predicted.lower95) return 'lower-than-predicted'
    return hasEnough ? 'as-predicted' : 'too-few-searches'
  }
  const verdict = verdictOf(least)
  return verdict === verdictOf(most) ? verdict : 'too-few-outcomes'
}

function rateOf({ falseCount, nonMatedCount }: Decided): number {
  return nonMatedCount === 0 ? 0 : falseCount / nonMatedCount
}

/** Of no search everything is possible. */
function intervalOf({ falseCount, nonMatedCount }: Decided): readonly [lower: number, upper: number] {
  return nonMatedCount === 0 ? [0, 1] : binomialInterval(falseCount, nonMatedCount)
}
