import { InvalidArgumentError } from 'commander'
import { CliError } from './failure.js'

/** Option parsers: a wrong value ends the program with the option's name and what it must be. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
    return value
  }
}

/** A comparison score on either scale; which one it is on is known once all options are, see `checkThreshold`. */
export function score(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= -1 && value <= FUSED_SCORE_MAX))
    throw new InvalidArgumentError(`It must be from -1 to 1, or with fingers from 0 to ${FUSED_SCORE_MAX}.`)
  return value
}

/** As the service has it: no false match rate below 10^−100 can be meant. */
const FUSED_SCORE_MAX = 100

/** @throws CliError USAGE for a cosine where fingers take part, or the other way round */
export function checkThreshold(threshold: number | undefined, hasFingers: boolean): { thresholdScore?: number } {
  if (threshold === undefined) return {}
  if (hasFingers && threshold < 0)
    throw new CliError('USAGE', `with fingers it is -log10 of a false match rate, 0 to ${FUSED_SCORE_MAX}`, {
      field: '--threshold',
    })
  if (!hasFingers && threshold > 1)
    throw new CliError('USAGE', 'of a face alone it is a cosine, -1 to 1', { field: '--threshold' })
  return { thresholdScore: threshold }
}
