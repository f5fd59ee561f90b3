import type { Random } from '../../samples/random.js'
import { MASTER_SIZE, type Pattern } from './pattern.js'

const ORIENTATIONS = 48
const PERIOD_STEP_PX = 0.25
/** Rounds of filtering after which the ridges no longer change much. */
const ROUNDS = 9
/** Deviation of the filters, in periods, and their reach. */
const SIGMA_PERIODS = 0.5
const REACH_PX = 11
/** Drives the picture to black and white between rounds. */
const GAIN = 2.5

/** Height of the skin: -1 on ridges to 1 in valleys, row by row. */
export type Relief = Float32Array

/**
 * Lets ridges grow out of noise by filtering it again and again with Gabor filters of the pattern's orientation and
 * period; where ridges meet out of step, minutiae appear by themselves (Cappelli et al., SFinGe).
 */
export function growRidges(pattern: Pattern, random: Random): Relief {
  const { widthPx, heightPx } = MASTER_SIZE
  const filterAt = chooseFilters(pattern)
  let relief: Relief = Float32Array.from({ length: widthPx * heightPx }, () => 0.5 * random.normal())
  for (let round = 0; round < ROUNDS; round++) relief = filtered(relief, filterAt)
  return relief
}

/** For each pixel its filter; filters are shared. */
function chooseFilters({ ridgeAngleRad, periodPx }: Pattern): readonly Float32Array[] {
  const { widthPx, heightPx } = MASTER_SIZE
  const bank = new Map<string, Float32Array>()
  return Array.from({ length: widthPx * heightPx }, (_, p) => {
    const [x, y] = [p % widthPx, Math.floor(p / widthPx)]
    const turn = Math.round((ridgeAngleRad(x, y) * ORIENTATIONS) / Math.PI)
    const orientation = ((turn % ORIENTATIONS) + ORIENTATIONS) % ORIENTATIONS
    const period = Math.round(periodPx(x, y) / PERIOD_STEP_PX) * PERIOD_STEP_PX
    const key = `${orientation} ${period}`
    const known = bank.get(key) ?? gabor((orientation * Math.PI) / ORIENTATIONS, period)
    bank.set(key, known)
    return known
  })
}

function gabor(ridgeAngleRad: number, periodPx: number): Float32Array {
  const side = 2 * REACH_PX + 1
  const sigmaPx = SIGMA_PERIODS * periodPx
  const [nx, ny] = [-Math.sin(ridgeAngleRad), Math.cos(ridgeAngleRad)]
  const filter = Float32Array.from({ length: side * side }, (_, i) => {
    const [dx, dy] = [(i % side) - REACH_PX, Math.floor(i / side) - REACH_PX]
    const envelope = Math.exp(-(dx * dx + dy * dy) / (2 * sigmaPx * sigmaPx))
    return envelope * Math.cos((2 * Math.PI * (dx * nx + dy * ny)) / periodPx)
  })
  const mean = filter.reduce((sum, weight) => sum + weight, 0) / filter.length
  const size = filter.reduce((sum, weight) => sum + Math.abs(weight - mean), 0)
  return filter.map((weight) => (weight - mean) / size)
}

function filtered(relief: Relief, filters: readonly Float32Array[]): Relief {
  const { widthPx, heightPx } = MASTER_SIZE
  // A frame of flat skin saves every test for the edge.
  const stride = widthPx + 2 * REACH_PX
  const framed = new Float32Array(stride * (heightPx + 2 * REACH_PX))
  for (let y = 0; y < heightPx; y++)
    framed.set(relief.subarray(y * widthPx, (y + 1) * widthPx), (y + REACH_PX) * stride + REACH_PX)
  const out = new Float32Array(relief.length)
  for (let y = 0, p = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, p++) {
      const filter = filters[p]!
      let sum = 0
      for (let row = 0, i = 0; row <= 2 * REACH_PX; row++)
        for (let q = (y + row) * stride + x, end = q + 2 * REACH_PX; q <= end; q++, i++) sum += filter[i]! * framed[q]!
      out[p] = Math.tanh(GAIN * 2 * sum)
    }
  return out
}
