import type { GroupRates, GroupRatio } from '../groups.js'
import type { ReportTable } from './report.js'
import { measured, orDash } from './words.js'

export interface GroupTableInput {
  readonly title: string
  readonly falsePositive: string
  readonly falseNegative: string
  readonly groups: readonly GroupRates[]
  readonly falsePositiveRatio: GroupRatio | null
  readonly falseNegativeRatio: GroupRatio | null
}

/** Rates by group with the ratio of the worst to the mean (ISO/IEC 19795-10). */
export function groupTable(input: GroupTableInput): ReportTable {
  const { falsePositive, falseNegative } = input
  const ratioWord = (rate: string, ratio: GroupRatio | null) =>
    ratio === null
      ? `${rate}: no ratio (fewer than two groups with figures, or no error in any).`
      : `${rate}: the worst group (${ratio.worst}) has ${ratio.worstToMean.toFixed(2)} times the mean of the groups.`
  return {
    title: input.title,
    head: ['group', 'people', `${falsePositive} (95 %)`, `${falseNegative} (95 %)`],
    rows: input.groups.map((group) => [
      group.group,
      String(group.personCount),
      orDash(group.falsePositive, measured),
      orDash(group.falseNegative, measured),
    ]),
    notes: [ratioWord(falsePositive, input.falsePositiveRatio), ratioWord(falseNegative, input.falseNegativeRatio)],
  }
}
