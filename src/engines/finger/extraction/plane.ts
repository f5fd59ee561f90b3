/**
 * Numbers on a pixel grid, row by row from the top: x to the right, y DOWN.
 * Angles on a plane are therefore clockwise as seen; `iso-direction.ts` turns them at the end.
 */
export interface Plane {
  readonly widthPx: number
  readonly heightPx: number
  readonly values: Float32Array
}

export function emptyPlane({ widthPx, heightPx }: Pick<Plane, 'widthPx' | 'heightPx'>): Plane {
  return { widthPx, heightPx, values: new Float32Array(widthPx * heightPx) }
}

/** The mean of the square of 2·radiusPx + 1 around each pixel, of what of it lies in the plane. */
export function boxMean(plane: Plane, radiusPx: number): Plane {
  return boxColumns(boxRows(plane, radiusPx), radiusPx)
}

/** A Gaussian of the given deviation, as three box means come close to it (Wells, TPAMI 1986). */
export function blurred(plane: Plane, sigmaPx: number): Plane {
  // Three boxes of width w have the variance 3 · (w² - 1) / 12.
  const radiusPx = Math.max(1, Math.round((Math.sqrt(4 * sigmaPx * sigmaPx + 1) - 1) / 2))
  return boxMean(boxMean(boxMean(plane, radiusPx), radiusPx), radiusPx)
}

function boxRows({ widthPx, heightPx, values }: Plane, radiusPx: number): Plane {
  const out = new Float32Array(values.length)
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx
    let sum = 0
    let count = 0
    for (let x = 0; x < Math.min(radiusPx, widthPx); x++, count++) sum += values[row + x]!
    for (let x = 0; x < widthPx; x++) {
      if (x + radiusPx < widthPx) {
        sum += values[row + x + radiusPx]!
        count++
      }
      if (x > radiusPx) {
        sum -= values[row + x - radiusPx - 1]!
        count--
      }
      out[row + x] = sum / count
    }
  }
  return { widthPx, heightPx, values: out }
}

/** Row by row with a sum for each column: memory is read in its order. */
function boxColumns({ widthPx, heightPx, values }: Plane, radiusPx: number): Plane {
  const out = new Float32Array(values.length)
  const sums = new Float64Array(widthPx)
  const add = (y: number, sign: number) => {
    for (let x = 0, p = y * widthPx; x < widthPx; x++, p++) sums[x]! += sign * values[p]!
  }
  for (let y = 0; y < Math.min(radiusPx, heightPx); y++) add(y, 1)
  for (let y = 0; y < heightPx; y++) {
    if (y + radiusPx < heightPx) add(y + radiusPx, 1)
    if (y > radiusPx) add(y - radiusPx - 1, -1)
    const count = Math.min(heightPx - 1, y + radiusPx) - Math.max(0, y - radiusPx) + 1
    for (let x = 0, p = y * widthPx; x < widthPx; x++, p++) out[p] = sums[x]! / count
  }
  return { widthPx, heightPx, values: out }
}

/** The value below which the given share of all values lies. */
export function percentile(values: Float32Array, share: number): number {
  if (values.length === 0) return 0
  const sorted = Float32Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}
