/**
 * The eight neighbours of a pixel of a grid `width` wide: offsets clockwise from the one above. Pixels at the grid's edge
 * must be 0: nothing here looks whether a neighbour exists.
 */
export function ringOffsets(width: number): readonly number[] {
  return [-width, -width + 1, 1, width + 1, width, width - 1, -1, -width - 1]
}

/** The neighbours of one pixel as bits 0 (above) to 7, clockwise. */
export function ringBits(cells: Uint8Array, p: number, ring: readonly number[]): number {
  let bits = 0
  for (let i = 0; i < 8; i++) bits |= cells[p + ring[i]!]! << i
  return bits
}

function table(of: (on: (i: number) => boolean) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, bits) => of((i) => ((bits >> (i & 7)) & 1) === 1))
}

/** How many neighbours are on. */
export const NEIGHBOUR_COUNT = table((on) => [0, 1, 2, 3, 4, 5, 6, 7].filter(on).length)

/** Crossing number: how often the ring goes from off to on. 1 at an end, 2 on a line, 3 and more at a fork. */
export const CROSSINGS = table((on) => [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => !on(i) && on(i + 1)).length)

/** How many 8-connected pieces the ring has where corners count as part of their sides; at 1 a pixel may go. */
export const PIECES = table((on) => [0, 2, 4, 6].filter((i) => !on(i) && (on(i + 1) || on(i + 2))).length)

/** Guo and Hall's test of a pixel, for each of their two passes (CACM 1989, algorithm A1). */
export const GUO_HALL = [0, 1].map((pass) =>
  table((on) => {
    const pairs = (first: number) => [0, 2, 4, 6].filter((i) => on(i + first) || on(i + first + 1)).length
    const neighbours = Math.min(pairs(-1 + 8), pairs(0))
    const isKept = pass === 0 ? (on(4) || on(5) || !on(7)) && on(6) : (on(0) || on(1) || !on(3)) && on(2)
    const pieces = [0, 2, 4, 6].filter((i) => !on(i) && (on(i + 1) || on(i + 2))).length
    return pieces === 1 && neighbours >= 2 && neighbours <= 3 && !isKept ? 1 : 0
  }),
)
