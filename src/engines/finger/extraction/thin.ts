import { GUO_HALL, NEIGHBOUR_COUNT, PIECES, ringBits, ringOffsets } from './neighbours.js'
import type { Mask } from './regions.js'

/** A ridge loses a pixel on each side per round; 64 rounds are more than any blot that segmentation lets pass. */
const ROUNDS_MAX = 64

/** Ridges thinned to lines one pixel wide, 8-connected (Guo and Hall, CACM 1989). The grid's edge becomes 0. */
export function thin({ width, height, cells }: Mask): Mask {
  const out = Uint8Array.from(cells)
  clearEdge(out, width, height)
  const ring = ringOffsets(width)
  let alive: Int32Array = Int32Array.from([...indexesOf(out)])
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = alive.length
    for (const test of GUO_HALL) alive = peel(out, alive, ring, test)
    if (alive.length === before) break
  }
  dropCorners(out, alive, ring)
  return { width, height, cells: out }
}

/** Removes all pixels of one pass at once, and gives those that stay. */
function peel(cells: Uint8Array, alive: Int32Array, ring: readonly number[], test: Uint8Array): Int32Array {
  const goes = alive.filter((p) => test[ringBits(cells, p, ring)] === 1)
  for (const p of goes) cells[p] = 0
  return goes.length === 0 ? alive : alive.filter((p) => cells[p] === 1)
}

/** Removes pixels one by one that are neither ends nor hold the line together: the corners of stairs. */
export function dropCorners(cells: Uint8Array, among: Iterable<number>, ring: readonly number[]): void {
  for (const p of among) {
    if (cells[p] === 0) continue
    const bits = ringBits(cells, p, ring)
    if (PIECES[bits] === 1 && NEIGHBOUR_COUNT[bits]! >= 2) cells[p] = 0
  }
}

function clearEdge(cells: Uint8Array, width: number, height: number): void {
  cells.fill(0, 0, width)
  cells.fill(0, (height - 1) * width)
  for (let y = 0; y < height; y++) cells[y * width] = cells[y * width + width - 1] = 0
}

export function* indexesOf(cells: Uint8Array): Generator<number> {
  for (let p = cells.indexOf(1); p >= 0; p = cells.indexOf(1, p + 1)) yield p
}
