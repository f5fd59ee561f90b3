/** 1 / (1 + exp(−slope · (value − middle))) from 0 to `reach`, tabulated; `slope` is negative, so that it falls. */
export interface FallingSigmoid {
  readonly middle: number
  readonly slope: number
  /** Values from here on give 0. */
  readonly reach: number
}

/** Entries of the table: neighbours differ by less than 1 %, and a comparison looks up thousands. */
const STEPS = 2048

/** @returns the function for values of 0 or more */
export function fallingSigmoid({ middle, slope, reach }: FallingSigmoid): (value: number) => number {
  const table = new Float64Array(STEPS + 1)
  for (let i = 0; i < STEPS; i++) table[i] = 1 / (1 + Math.exp(-slope * (((i + 0.5) / STEPS) * reach - middle)))
  const scale = STEPS / reach
  return (value) => table[value >= reach ? STEPS : (value * scale) | 0]!
}
