import type { Point } from '../../domain/face.js'

/**
 * A similarity transform (rotation, uniform scale, shift; no reflection):
 * x' = a·x − b·y + tx, y' = b·x + a·y + ty.
 */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/**
 * The similarity that takes `from` to `to` with the least sum of squared errors (Umeyama, TPAMI 1991, in its closed
 * form for the plane). Both hold the same number of points, at least two of them distinct; returns null otherwise.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity | null {
  const source = centroid(from)
  const target = centroid(to)
  let cosine = 0
  let sine = 0
  let spread = 0
  from.forEach((p, i) => {
    const q = to[i] as Point
    const [px, py] = [p.x - source.x, p.y - source.y]
    const [qx, qy] = [q.x - target.x, q.y - target.y]
    cosine += px * qx + py * qy
    sine += px * qy - py * qx
    spread += px * px + py * py
  })
  if (!(spread > 1e-9)) return null
  const a = cosine / spread
  const b = sine / spread
  if (!(a * a + b * b > 1e-12)) return null
  return { a, b, tx: target.x - a * source.x + b * source.y, ty: target.y - b * source.x - a * source.y }
}

/** The transform that undoes another one. */
export function inverse({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b
  return { a: a / square, b: -b / square, tx: -(a * tx + b * ty) / square, ty: (b * tx - a * ty) / square }
}

function centroid(points: readonly Point[]): Point {
  const sum = points.reduce((total, p) => ({ x: total.x + p.x, y: total.y + p.y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}
