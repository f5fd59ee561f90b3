import type { MeasuredRate } from './bootstrap.js'

/** Error rates of one demographic group, at the threshold that all groups share. Null where nothing was compared. */
export interface GroupRates {
  readonly group: string
  readonly personCount: number
  readonly falsePositive: MeasuredRate | null
  readonly falseNegative: MeasuredRate | null
}

/** How unequal a rate is between groups. */
export interface GroupRatio {
  /** The group with the greatest rate. */
  readonly worst: string
  /** The greatest rate over the arithmetic mean of the groups' rates: 1 is equal, the number of groups is the greatest possible. */
  readonly worstToMean: number
}

/**
 * The ratio of the worst group to the mean of the groups (ISO/IEC 19795-10, differential performance). The mean is the arithmetic one: the
 * geometric one is 0 as soon as one group shows no error.
 * @returns null with fewer than two groups, or where no group shows an error: there is no ratio then
 */
export function worstToMean(
  groups: readonly GroupRates[],
  rateOf: (group: GroupRates) => MeasuredRate | null,
): GroupRatio | null {
  const known = groups.flatMap((group) => {
    const measured = rateOf(group)
    return measured === null ? [] : [{ group: group.group, rate: measured.rate }]
  })
  const mean = known.reduce((sum, { rate }) => sum + rate, 0) / known.length
  if (known.length < 2 || mean === 0) return null
  const worst = known.reduce((a, b) => (b.rate > a.rate ? b : a))
  return { worst: worst.group, worstToMean: worst.rate / mean }
}
