import { PERIOD_PX } from './ridge-period.js'

/** Orientations over half a turn: neighbours differ by 5.6°, a tenth of a filter's own width. */
export const ORIENTATION_COUNT = 32
/** Filters reach this far: 2.4 deviations along the ridge, where they are at 5 % of their middle. */
export const REACH_PX = 11
/** Deviation along the ridge: long enough to bridge a pore, short enough to follow a core of 15 px radius. */
const ALONG_SIGMA_PX = 4.5
/** Deviation across the ridges, in periods: one ridge and its two valleys (Hong, Wan and Jain use 4 px for 9). */
const ACROSS_SIGMA_PERIODS = 0.42

const bank = new Map<number, Float32Array>()

/** Index of a filter's orientation for an angle of the ridges' normal (any turn). */
export function orientationIndex(normalAngleRad: number): number {
  const index = Math.round((normalAngleRad * ORIENTATION_COUNT) / Math.PI) % ORIENTATION_COUNT
  return index < 0 ? index + ORIENTATION_COUNT : index
}

/** Index of a filter's period: whole pixels. */
export function periodIndex(periodPx: number): number {
  return Math.round(Math.max(PERIOD_PX.min, Math.min(PERIOD_PX.max, periodPx)))
}

/**
 * An even Gabor filter without response to flat grey, made once: (2·11 + 1)² weights, row by row.
 * A wave of its own orientation and period with amplitude 1 gives 1 on a crest.
 */
export function gaborFilter(orientation: number, period: number): Float32Array {
  const key = period * ORIENTATION_COUNT + orientation
  const known = bank.get(key)
  if (known) return known
  const made = makeFilter((orientation * Math.PI) / ORIENTATION_COUNT, period)
  bank.set(key, made)
  return made
}

function makeFilter(normalAngleRad: number, periodPx: number): Float32Array {
  const side = 2 * REACH_PX + 1
  const [ux, uy] = [Math.cos(normalAngleRad), Math.sin(normalAngleRad)]
  const acrossSigmaPx = ACROSS_SIGMA_PERIODS * periodPx
  const [envelope, wave] = [new Float32Array(side * side), new Float32Array(side * side)]
  for (let i = 0; i < envelope.length; i++) {
    const [dx, dy] = [(i % side) - REACH_PX, Math.floor(i / side) - REACH_PX]
    const [u, v] = [dx * ux + dy * uy, dy * ux - dx * uy]
    envelope[i] = Math.exp(-((u / acrossSigmaPx) ** 2 + (v / ALONG_SIGMA_PX) ** 2) / 2)
    wave[i] = Math.cos((2 * Math.PI * u) / periodPx)
  }
  const sum = (of: (i: number) => number) => envelope.reduce((total, _, i) => total + of(i), 0)
  const flat = sum((i) => envelope[i]! * wave[i]!) / sum((i) => envelope[i]!)
  const filter = envelope.map((value, i) => value * (wave[i]! - flat))
  const gain = filter.reduce((total, value, i) => total + value * wave[i]!, 0)
  return filter.map((value) => value / gain)
}
