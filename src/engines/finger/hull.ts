/**
 * The convex hull of points (Andrew's monotone chain, Information Processing Letters 9(5), 1979).
 * @returns x and y of the corners by turns, counter-clockwise (y up), without corners on a straight side;
 *          one or two points where all lie on one place or one line
 */
export function convexHull(x: Float32Array, y: Float32Array): Float32Array {
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!)
  const lower = chain(order, x, y)
  const upper = chain(order.reverse(), x, y)
  // Each chain ends where the other one starts.
  const corners = order.length < 2 ? order : [...lower.slice(0, -1), ...upper.slice(0, -1)]
  return Float32Array.from(corners.flatMap((corner) => [x[corner]!, y[corner]!]))
}

function chain(order: readonly number[], x: Float32Array, y: Float32Array): readonly number[] {
  const kept: number[] = []
  for (const point of order) {
    while (kept.length >= 2 && !turnsLeft(kept.at(-2)!, kept.at(-1)!, point, x, y)) kept.pop()
    kept.push(point)
  }
  return kept
}

function turnsLeft(a: number, b: number, c: number, x: Float32Array, y: Float32Array): boolean {
  return (x[b]! - x[a]!) * (y[c]! - y[a]!) - (y[b]! - y[a]!) * (x[c]! - x[a]!) > 0
}

/** Whether a point lies in a hull of at least three corners, or no more than `marginPx` outside any of its sides. */
export function isInside(hull: Float32Array, px: number, py: number, marginPx: number): boolean {
  const length = hull.length
  if (length < 6) return false
  for (let i = 0, last = length - 2; i < length; last = i, i += 2) {
    const sideX = hull[i]! - hull[last]!
    const sideY = hull[i + 1]! - hull[last + 1]!
    const cross = sideX * (py - hull[last + 1]!) - sideY * (px - hull[last]!)
    if (cross < 0 && cross * cross > marginPx * marginPx * (sideX * sideX + sideY * sideY)) return false
  }
  return true
}
