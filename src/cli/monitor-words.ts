import type { AdjudicatedOutcome } from '../generated/portcullis/v1/AdjudicatedOutcome.js'
import type { MonitorVerdict__Output } from '../generated/portcullis/v1/MonitorVerdict.js'

/** Outcomes as they are typed. */
export const OUTCOME_WORDS = ['same', 'different', 'inconclusive'] as const
export type OutcomeWord = (typeof OUTCOME_WORDS)[number]

export const OUTCOME: Record<OutcomeWord, AdjudicatedOutcome> = {
  same: 'SAME_PERSON',
  different: 'DIFFERENT_PEOPLE',
  inconclusive: 'OUTCOME_INCONCLUSIVE',
}

/** What each verdict means to the person who reads it. */
export const VERDICTS: Record<MonitorVerdict__Output, string> = {
  MONITOR_VERDICT_UNSPECIFIED: 'a verdict that this program does not know',
  AS_PREDICTED: 'as predicted',
  HIGHER_THAN_PREDICTED: 'HIGHER than predicted: raise the threshold, and find out why',
  LOWER_THAN_PREDICTED: 'lower than predicted: the threshold may be stricter than it need be',
  TOO_FEW_SEARCHES: 'too few searches to tell: fewer than 10 false positives were to be expected',
  TOO_FEW_OUTCOMES: 'too few outcomes to tell: it depends on alarms that nobody has decided',
  NOT_PREDICTED: 'not predicted: there is no calibration for these searches',
}
