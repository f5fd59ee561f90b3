/**
 * The generalised Pareto distribution of the excess over a high score (J. Pickands, "Statistical inference using extreme order
 * statistics", Annals of Statistics 3, 1975): P(excess > x) = (1 + shape·x / scale)^(−1/shape), and e^(−x/scale) for shape 0.
 */
export interface ExcessTail {
  /** Below 0 the tail ends at −scale/shape over the threshold; at 0 it is exponential; above 0 it is heavy. */
  readonly shape: number
  /** In scores, over 0. */
  readonly scale: number
}

/** Moments of weights exist below 1; a shape beyond these is no tail of comparison scores, but too little data. */
const SHAPE_ABS_MAX = 0.5

/** Sums over excesses, the greatest first: all that the fit needs. */
export interface TailSums {
  /** Σ weight */
  readonly total: number
  /** Σ weight · excess */
  readonly first: number
  /** Σ weight · excess · (the weight above it + half its own) */
  readonly second: number
}

/**
 * Fits by probability-weighted moments (J. R. M. Hosking and J. R. Wallis, "Parameter and quantile estimation for the generalized
 * Pareto distribution", Technometrics 29, 1987): closed form, and steadier than maximum likelihood for fewer than 500 excesses.
 */
export function fitTail({ total, first, second }: TailSums): ExcessTail {
  const mean = first / total
  const shape = 2 - mean / (mean - (2 * second) / (total * total))
  const kept = Math.min(SHAPE_ABS_MAX, Math.max(-SHAPE_ABS_MAX, shape))
  return { shape: kept, scale: mean * (1 - kept) } // the mean of the distribution is scale / (1 − shape)
}

/** @param excesses over the threshold, greatest first, with the weight of each */
export function tailSums(excesses: ArrayLike<number>, weights: ArrayLike<number>): TailSums {
  let [total, first, second] = [0, 0, 0]
  for (let i = 0; i < excesses.length; i++) {
    const moment = weights[i]! * excesses[i]!
    first += moment
    second += moment * (total + weights[i]! / 2)
    total += weights[i]!
  }
  return { total, first, second }
}

/** P(excess > x), for x of 0 and more. */
export function tailExceedance({ shape, scale }: ExcessTail, x: number): number {
  if (Math.abs(shape) < 1e-9) return Math.exp(-x / scale)
  return Math.max(0, 1 + (shape * x) / scale) ** (-1 / shape)
}

/** The x with P(excess > x) = share, for a share over 0 and up to 1. */
export function tailQuantile({ shape, scale }: ExcessTail, share: number): number {
  if (Math.abs(shape) < 1e-9) return -scale * Math.log(share)
  return (scale / shape) * (share ** -shape - 1)
}
