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

/** A rate between 0 and 1, neither of them. */
export function rate(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be over 0 and under 1, such as 0.01.')
  return value
}

/** So many of something, over 0; 0.5 a day is one in two days. */
export function amount(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && value < Infinity)) throw new InvalidArgumentError('It must be over 0.')
  return value
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
