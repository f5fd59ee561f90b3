import { NOISE_GREY_LEVELS, type Normalised } from './normalise.js'
import type { OrientationField } from './orientation.js'
import { BLOCK_PX, CELL_BLOCKS, type RidgePeriods } from './ridge-period.js'
import { dropSmallRegions, majority, type Mask } from './regions.js'

/** A block of the print has at least this share of a strong block's contrast. */
const CONTRAST_SHARE_MIN = 0.3
/**
 * Only a twentieth of white noise is as coherent under this smoothing (0.26), and clean ridges are above 0.8: measured by
 * `test/engines/finger/extraction/stages.test.ts`. Singular points, where it falls to 0, are filled in afterwards.
 */
const COHERENCE_MIN = 0.26
/** Pieces of the print below 6.6 mm² (40 blocks) are dirt. */
const PIECE_BLOCKS_MIN = 40
/** So are pieces below this share of all, be they letters or a frame; each finger of a slap has far more. */
const PIECE_SHARE_MIN = 0.05
/** Holes up to this size are singular points, scars and pores; greater ones are not print. */
const HOLE_BLOCKS_MAX = 60
/** Mean share of power that one period holds around a block. By eye: it lets all of a print pass and takes frames away. */
const EVIDENCE_MIN = 0.3

/** Where the print is, in blocks of 8 px: enough contrast and one direction; smoothed; pieces dropped, holes filled. */
export function segment({ contrast, strongContrast }: Normalised, { coherence }: OrientationField): Mask {
  const { widthPx, heightPx } = contrast
  const [width, height] = [Math.ceil(widthPx / BLOCK_PX), Math.ceil(heightPx / BLOCK_PX)]
  const contrastMin = Math.max(NOISE_GREY_LEVELS, CONTRAST_SHARE_MIN * strongContrast)
  const cells = new Uint8Array(width * height)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const p = blockCentre(column, widthPx) + blockCentre(row, heightPx) * widthPx
      const isPrint = contrast.values[p]! >= contrastMin && coherence.values[p]! >= COHERENCE_MIN
      cells[row * width + column] = isPrint ? 1 : 0
    }
  return tidied(majority(majority({ width, height, cells })))
}

/** Takes away blocks without periodic ridges near by: frames, letters and edges have contrast and direction too. */
export function keepRidged(blocks: Mask, { evidence }: RidgePeriods): Mask {
  const cells = blocks.cells.map((cell, i) => {
    const column = Math.floor((i % blocks.width) / CELL_BLOCKS)
    const row = Math.floor(Math.floor(i / blocks.width) / CELL_BLOCKS)
    return evidence.values[row * evidence.widthPx + column]! >= EVIDENCE_MIN ? cell : 0
  })
  return tidied({ ...blocks, cells })
}

function tidied(blocks: Mask): Mask {
  const total = blocks.cells.reduce((sum, cell) => sum + cell, 0)
  const whole = dropSmallRegions(blocks, 1, Math.max(PIECE_BLOCKS_MIN, PIECE_SHARE_MIN * total), 4, false)
  return dropSmallRegions(whole, 0, HOLE_BLOCKS_MAX + 1, 4, true)
}

function blockCentre(index: number, limitPx: number): number {
  return Math.min(limitPx - 1, index * BLOCK_PX + BLOCK_PX / 2)
}

/** The mask of blocks as a mask of pixels. */
export function pixelMask(blocks: Mask, width: number, height: number): Mask {
  const cells = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      cells[y * width + x] = blocks.cells[Math.floor(y / BLOCK_PX) * blocks.width + Math.floor(x / BLOCK_PX)]!
  return { width, height, cells }
}
