import type { IdentifyRequest } from '../generated/portcullis/v1/IdentifyRequest.js'
import { CliError } from './failure.js'
import { checkThreshold } from './numbers.js'

/** The ways to say what makes a candidate. */
export interface ThresholdOptions {
  readonly threshold?: number
  readonly targetFpir?: number
  readonly alertsPerDay?: number
  readonly searchesPerDay?: number
  readonly investigate?: true
}

type ThresholdWish = Pick<IdentifyRequest, 'thresholdScore' | 'targetFpir' | 'alerts' | 'investigation'>

/** @throws CliError USAGE for two wishes, half of one, or a score of another scale */
export function thresholdWish(options: ThresholdOptions, hasFingers: boolean): ThresholdWish {
  const { threshold, targetFpir, alertsPerDay, searchesPerDay, investigate } = options
  if ((alertsPerDay === undefined) !== (searchesPerDay === undefined))
    throw new CliError('USAGE', 'give --alerts-per-day and --searches-per-day together')
  const wishes: readonly (ThresholdWish | null)[] = [
    threshold === undefined ? null : checkThreshold(threshold, hasFingers),
    targetFpir === undefined ? null : { targetFpir },
    alertsPerDay === undefined ? null : { alerts: { alertsPerDay, searchesPerDay: searchesPerDay! } },
    investigate === undefined ? null : { investigation: {} },
  ]
  const [wish = {}, ...others] = wishes.filter((one) => one !== null)
  if (others.length === 0) return wish
  throw new CliError('USAGE', 'give one of --threshold, --target-fpir, --alerts-per-day and --investigate')
}
