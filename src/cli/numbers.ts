import { InvalidArgumentError } from 'commander'

/** Option parsers: a wrong value ends the program with the option's name and what it must be. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
    return value
  }
}

/** A comparison score, −1 to 1. */
export function score(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= -1 && value <= 1)) throw new InvalidArgumentError('It must be from -1 to 1.')
  return value
}
