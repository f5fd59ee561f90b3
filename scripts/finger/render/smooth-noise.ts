import type { Random } from '../../samples/random.js'

/** A smooth random surface: values about -1 to 1, deviation about 0.5, that vary over `scalePx`. */
export type Surface = (x: number, y: number) => number

/** Value noise: normal numbers on a lattice of `scalePx`, blended by smoothstep. Seeded: the lattice is drawn at once. */
export function smoothNoise(random: Random, widthPx: number, heightPx: number, scalePx: number): Surface {
  const columns = Math.ceil(widthPx / scalePx) + 2
  const rows = Math.ceil(heightPx / scalePx) + 2
  const lattice = Float32Array.from({ length: columns * rows }, () => 0.75 * random.normal())
  return (x, y) => {
    const u = Math.max(0, Math.min(columns - 1.001, x / scalePx))
    const v = Math.max(0, Math.min(rows - 1.001, y / scalePx))
    const [i, k] = [Math.floor(u), Math.floor(v)]
    const [a, b] = [smoothstep(u - i), smoothstep(v - k)]
    const at = (column: number, row: number) => lattice[row * columns + column]!
    const top = at(i, k) + a * (at(i + 1, k) - at(i, k))
    const bottom = at(i, k + 1) + a * (at(i + 1, k + 1) - at(i, k + 1))
    return top + b * (bottom - top)
  }
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t)
}
