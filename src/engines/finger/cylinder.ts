import type { NormalisedMinutiae } from '../../domain/finger.js'

/**
 * The Minutia Cylinder-Code of one minutia (Cappelli, Ferrara and Maltoni, "Minutia Cylinder-Code", IEEE TPAMI 32(12),
 * 2010, bit-less form): how much minutiae there is near each place and of each relative direction around it.
 * All lengths and angles are the paper's, table 1.
 */
const RADIUS_PX = 70
/** Cells along a side of the square around the circle; those whose centre lies outside the circle are left out. */
const SIDE = 8
/** Slices of the full turn of relative directions. */
export const SECTION_COUNT = 6
const SIGMA_PX = 28 / 3
const SIGMA_RAD = (2 * Math.PI) / 9

const PITCH_PX = (2 * RADIUS_PX) / SIDE
/** Beyond three deviations a neighbour adds less than 1.2 % of its weight: the paper's limit. */
const REACH_PX = 3 * SIGMA_PX
/** What a Gaussian falls to there. */
const SHARE_MIN = Math.exp(-4.5)
const SECTION_RAD = (2 * Math.PI) / SECTION_COUNT

/** Centres of the columns (and rows) of the grid, in px from the minutia. */
const CENTRES_PX = Array.from({ length: SIDE }, (_, i) => (i + 0.5) * PITCH_PX - RADIUS_PX)

/** Number of a grid place's base cell in the cylinder; −1 outside the circle. Row by row (across the direction). */
const BASE_CELLS = baseCells()
/** 52 base cells × 6 sections = 312. */
export const CELL_COUNT = (Math.max(...BASE_CELLS) + 1) * SECTION_COUNT

/** Share of a neighbour that falls into a section, by relative direction in steps of 2π / TURN_STEPS; section by section. */
const TURN_STEPS = 1440 // a quarter of a degree: finer than any template's angles
const SECTION_SHARES = sectionShares()

/**
 * Fills one minutia's cylinder.
 *
 * Shape:  `cells` has CELL_COUNT values, cell = base cell · 6 + section; each 0 to 1, 0 where no neighbour reaches.
 * The x axis of the grid is the minutia's direction, so that the cylinder turns with the finger.
 */
export function fillCylinder(minutiae: NormalisedMinutiae, index: number, cells: Float32Array): void {
  cells.fill(0)
  const { x, y, angleRad } = minutiae
  const cosine = Math.cos(angleRad[index]!)
  const sine = Math.sin(angleRad[index]!)
  const limitPx = RADIUS_PX + REACH_PX
  for (let other = 0; other < x.length; other++) {
    if (other === index) continue
    const dx = x[other]! - x[index]!
    const dy = y[other]! - y[index]!
    if (dx * dx + dy * dy > limitPx * limitPx) continue
    const turn = angleRad[index]! - angleRad[other]!
    addNeighbour(cells, cosine * dx + sine * dy, cosine * dy - sine * dx, turn)
  }
  // 1 − exp(−2·sum): near linear for one neighbour, and full at two or three, so that clusters do not drown the rest.
  for (let cell = 0; cell < CELL_COUNT; cell++) if (cells[cell]! > 0) cells[cell] = 1 - Math.exp(-2 * cells[cell]!)
}

/** Share of a neighbour at each column and row: the Gaussian of a place is the product of both. */
const alongShares = new Float64Array(SIDE)
const acrossShares = new Float64Array(SIDE)

/** @param along, across where the neighbour is in the minutia's own frame, px. */
function addNeighbour(cells: Float32Array, along: number, across: number, turnRad: number): void {
  const step = Math.round((turnRad / (2 * Math.PI)) * TURN_STEPS)
  const shares = (((step % TURN_STEPS) + TURN_STEPS) % TURN_STEPS) * SECTION_COUNT
  for (let i = 0; i < SIDE; i++) {
    alongShares[i] = gaussian(CENTRES_PX[i]! - along)
    acrossShares[i] = gaussian(CENTRES_PX[i]! - across)
  }
  for (let row = 0; row < SIDE; row++) {
    if (acrossShares[row]! < SHARE_MIN) continue
    for (let column = 0; column < SIDE; column++) {
      const base = BASE_CELLS[row * SIDE + column]!
      const weight = acrossShares[row]! * alongShares[column]!
      if (base < 0 || weight < SHARE_MIN) continue
      for (let section = 0; section < SECTION_COUNT; section++)
        cells[base * SECTION_COUNT + section]! += weight * SECTION_SHARES[shares + section]!
    }
  }
}

function gaussian(px: number): number {
  return Math.exp(-(px * px) / (2 * SIGMA_PX * SIGMA_PX))
}

function baseCells(): Int8Array {
  let count = 0
  const inside = CENTRES_PX.flatMap((dy) => CENTRES_PX.map((dx) => dx * dx + dy * dy <= RADIUS_PX * RADIUS_PX))
  return Int8Array.from(inside, (isInside) => (isInside ? count++ : -1))
}

/** The normal distribution of deviation SIGMA_RAD around the relative direction, integrated over each section (paper, eq. 8). */
function sectionShares(): Float32Array {
  const shares = new Float32Array(TURN_STEPS * SECTION_COUNT)
  const pieces = 64 // midpoint rule: 1 degree each, error below 1e-4
  const scale = SECTION_RAD / pieces / (SIGMA_RAD * Math.sqrt(2 * Math.PI))
  for (let step = 0; step < TURN_STEPS; step++)
    for (let section = 0; section < SECTION_COUNT; section++) {
      const centre = -Math.PI + (section + 0.5) * SECTION_RAD
      const away = wrap((step / TURN_STEPS) * 2 * Math.PI - centre)
      let sum = 0
      for (let piece = 0; piece < pieces; piece++) {
        const angle = away + ((piece + 0.5) / pieces - 0.5) * SECTION_RAD
        sum += Math.exp(-(angle * angle) / (2 * SIGMA_RAD * SIGMA_RAD))
      }
      shares[step * SECTION_COUNT + section] = sum * scale
    }
  return shares
}

/** To −π … π. */
function wrap(angleRad: number): number {
  return angleRad - 2 * Math.PI * Math.round(angleRad / (2 * Math.PI))
}
