import { seededRandom } from './random.js'

/** A rate, 0 to 1, with the 95 % interval of it over people. */
export interface MeasuredRate {
  readonly rate: number
  readonly lower95: number
  readonly upper95: number
}

/** How often each person of the list was drawn; 1 each is the sample itself. */
export type PersonWeights = Readonly<Float64Array>

export interface BootstrapPlan {
  readonly seed: number
  /** People are numbered from 0. */
  readonly personCount: number
  /** People are drawn within their stratum, so that each has as many as in the sample. No person is in two. */
  readonly strata: readonly (readonly number[])[]
  /** Fewer where a replicate is dear; 1,000 unless told. */
  readonly replicateCount?: number
}

/** Efron and Tibshirani (1993, §13.5): about a thousand for percentile intervals. */
const REPLICATE_COUNT = 1000
const TAIL = 0.025

/**
 * Percentile intervals by drawing PEOPLE with replacement: images of one person are alike, so drawing images would make intervals too
 * narrow (R. Bolle et al., "Error analysis of pattern recognition systems: the subsets bootstrap", CVIU 2004).
 *
 * Where no error (or nothing but errors) was seen the bootstrap knows no spread; there the exact binomial bound over the
 * people counts (Clopper and Pearson, 1934): 0 of n people is at most 1 − 0.025^(1/n), n being the smallest stratum.
 * @param statistic rates from weights; NaN where the drawn people give none, which is left out
 * @returns for each rate its value on the sample itself, and its interval
 */
export function bootstrapRates(
  plan: BootstrapPlan,
  statistic: (weights: PersonWeights) => readonly number[],
): readonly MeasuredRate[] {
  const weights = new Float64Array(plan.personCount).fill(1)
  const rates = statistic(weights)
  const random = seededRandom(plan.seed)
  const draws = rates.map((): number[] => [])
  for (let replicate = 0; replicate < (plan.replicateCount ?? REPLICATE_COUNT); replicate++) {
    drawPeople(plan.strata, weights, random)
    statistic(weights).forEach((rate, i) => {
      if (!Number.isNaN(rate)) draws[i]!.push(rate)
    })
  }
  const fewest = Math.min(...plan.strata.map((stratum) => stratum.length).filter((length) => length > 0))
  return rates.map((rate, i) => interval(rate, draws[i]!, fewest))
}

function drawPeople(strata: BootstrapPlan['strata'], weights: Float64Array, random: () => number): void {
  weights.fill(0)
  for (const stratum of strata) for (const _ of stratum) weights[stratum[Math.floor(random() * stratum.length)]!]!++
}

function interval(rate: number, draws: number[], personCount: number): MeasuredRate {
  const sorted = draws.sort((a, b) => a - b)
  const lower = quantile(sorted, TAIL) ?? rate
  const upper = quantile(sorted, 1 - TAIL) ?? rate
  const unseen = 1 - TAIL ** (1 / personCount)
  return {
    rate,
    lower95: rate === 1 ? Math.min(lower, 1 - unseen) : Math.min(lower, rate),
    upper95: rate === 0 ? Math.max(upper, unseen) : Math.max(upper, rate),
  }
}

/** The value below which a share of the sorted ones lies; the nearest rank. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]
}
