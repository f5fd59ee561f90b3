import { boxMean, type Plane } from './plane.js'
import { normalAngleAt, type OrientationField } from './orientation.js'
import type { Mask } from './regions.js'

/** Side of a block of the mask: about one ridge period. */
export const BLOCK_PX = 8
/** One estimate of the period for every second block in both directions. */
export const CELL_BLOCKS = 2
/**
 * Ridge periods that are looked for, pixels at 500 dpi: 0.23 to 0.86 mm. Adults have 0.3 to 0.6 mm with a mean of
 * 0.46 (Maltoni et al., Handbook of Fingerprint Recognition); children less.
 */
export const PERIOD_PX = { min: 4.5, max: 17, step: 0.5, usual: 9 } as const
/** The window: this far across the ridges (five periods) and along them, from its middle. */
const ACROSS_REACH_PX = 22
const ALONG_REACH_PX = 8
/** Estimates are smoothed over this many cells to each side. */
const SMOOTHING_CELLS = 2
/** Share of the signature's power that one period holds, above which it counts: about half. A pure wave has 1. */
const POWER_SHARE_MIN = 0.45

export interface RidgePeriods {
  /** Period at each pixel. */
  readonly periodPx: Plane
  /** Mean share of power that the periods found around each cell (16 px) hold; 0 where none was found. */
  readonly evidence: Plane
}

/**
 * The period of the ridges by the x-signature (Hong, Wan and Jain, TPAMI 1998): the mean grey along the ridges as a
 * function of the way across, and the strongest period of that. Cells without one take it from around.
 */
export function ridgePeriods(image: Plane, field: OrientationField, blocks: Mask): RidgePeriods {
  const cellPx = BLOCK_PX * CELL_BLOCKS
  const [widthPx, heightPx] = [Math.ceil(image.widthPx / cellPx), Math.ceil(image.heightPx / cellPx)]
  const [weighted, weights, asked] = [1, 2, 3].map(() => new Float32Array(widthPx * heightPx)) as Cells
  for (let row = 0; row < heightPx; row++)
    for (let column = 0; column < widthPx; column++) {
      if (blocks.cells[row * CELL_BLOCKS * blocks.width + column * CELL_BLOCKS] === 0) continue
      const [x, y] = [column * cellPx + BLOCK_PX, row * cellPx + BLOCK_PX]
      if (x >= image.widthPx || y >= image.heightPx) continue
      asked[row * widthPx + column] = 1
      const { periodPx, powerShare } = strongestPeriod(signature(image, x, y, field))
      if (powerShare < POWER_SHARE_MIN) continue
      weighted[row * widthPx + column] = periodPx * powerShare
      weights[row * widthPx + column] = powerShare
    }
  const smooth = (values: Float32Array) =>
    boxMean(boxMean({ widthPx, heightPx, values }, SMOOTHING_CELLS), SMOOTHING_CELLS).values
  const [near, nearAsked] = [smooth(weights), smooth(asked)]
  const evidence = { widthPx, heightPx, values: near.map((weight, i) => weight / Math.max(0.05, nearAsked[i]!)) }
  return { periodPx: spread(smooth(weighted), near, widthPx, cellPx, image), evidence }
}

type Cells = [Float32Array, Float32Array, Float32Array]

/** Mean grey along the ridges at each step across them, -22 to 22 px. */
function signature(image: Plane, x: number, y: number, field: OrientationField): Float32Array {
  const angle = normalAngleAt(field, y * image.widthPx + x)
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)]
  const sums = new Float32Array(2 * ACROSS_REACH_PX + 1)
  for (let u = -ACROSS_REACH_PX; u <= ACROSS_REACH_PX; u++) {
    let [sum, count] = [0, 0]
    for (let v = -ALONG_REACH_PX; v <= ALONG_REACH_PX; v++) {
      const px = Math.round(x + u * ux - v * uy)
      const py = Math.round(y + u * uy + v * ux)
      if (px < 0 || py < 0 || px >= image.widthPx || py >= image.heightPx) continue
      sum += image.values[py * image.widthPx + px]!
      count++
    }
    sums[u + ACROSS_REACH_PX] = count > 0 ? sum / count : 0
  }
  return sums
}

/** Cosines and sines of each period under a Hann window, and the windows' own power. */
const WAVES = Array.from({ length: (PERIOD_PX.max - PERIOD_PX.min) / PERIOD_PX.step + 1 }, (_, i) => {
  const periodPx = PERIOD_PX.min + i * PERIOD_PX.step
  const at = (wave: (angle: number) => number) =>
    Float32Array.from({ length: 2 * ACROSS_REACH_PX + 1 }, (_, k) => {
      const u = k - ACROSS_REACH_PX
      return hann(u) * wave((2 * Math.PI * u) / periodPx)
    })
  return { periodPx, cos: at(Math.cos), sin: at(Math.sin) }
})

function hann(u: number): number {
  return 0.5 + 0.5 * Math.cos((Math.PI * u) / (ACROSS_REACH_PX + 1))
}

function strongestPeriod(line: Float32Array): { periodPx: number; powerShare: number } {
  const mean = line.reduce((sum, value) => sum + value, 0) / line.length
  let [power, windowPower] = [0, 0]
  for (let k = 0; k < line.length; k++) {
    line[k]! -= mean
    const window = hann(k - ACROSS_REACH_PX)
    power += window * line[k]! ** 2
    windowPower += window
  }
  const powers = WAVES.map(({ cos, sin }) => dot(line, cos) ** 2 + dot(line, sin) ** 2)
  const best = powers.reduce((top, value, i) => (value > powers[top]! ? i : top), 0)
  // A pure wave of this period has the share 1: its power is half its square, and so is its projection's.
  const powerShare = (2 * powers[best]!) / (power * windowPower + 1e-9)
  return { periodPx: peakPeriod(powers, best), powerShare }
}

/** The top of the parabola through the strongest period and its neighbours. */
function peakPeriod(powers: readonly number[], best: number): number {
  const [before, at, after] = [powers[best - 1], powers[best]!, powers[best + 1]]
  const periodPx = PERIOD_PX.min + best * PERIOD_PX.step
  if (before === undefined || after === undefined) return periodPx
  const bend = before - 2 * at + after
  return bend === 0 ? periodPx : periodPx + (PERIOD_PX.step * (before - after)) / (2 * bend)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The weighted means of the cells, for every pixel; the image's own mean where no cell near by has one. */
function spread(
  weighted: Float32Array,
  weights: Float32Array,
  cellColumns: number,
  cellPx: number,
  { widthPx, heightPx }: Plane,
): Plane {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = total > 0 ? weighted.reduce((sum, value) => sum + value, 0) / total : PERIOD_PX.usual
  const values = new Float32Array(widthPx * heightPx)
  for (let y = 0, p = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, p++) {
      const cell = Math.floor(y / cellPx) * cellColumns + Math.floor(x / cellPx)
      values[p] = weights[cell]! > 1e-6 ? weighted[cell]! / weights[cell]! : mean
    }
  return { widthPx, heightPx, values }
}
