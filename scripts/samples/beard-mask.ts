import { smoothstep } from './vec.js'

/** Where a beard grows, 0..1: moustache, chin, jaw, up to the ears and down the throat. */
export function beardMask(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  if (side > 20 || y > 2 || z < -4.5) return 0
  const upperEdge = side < 2.6 ? -2.25 - 0.25 * side : -2.9 - 0.5 * (side - 2.6) + 1.05 * Math.max(0, side - 4.6)
  const cheek = smoothstep(upperEdge + 0.5, upperEdge - 0.6, y)
  const sideburn = smoothstep(6.2, 6.9, side) * smoothstep(1.8, 0.2, y)
  const aroundLips = 1 - Math.exp(-((side / 2.5) ** 4) - ((y + 4.5) / 0.95) ** 4)
  const belowLip = 1 - 0.6 * Math.exp(-(((side - 1.5) / 0.7) ** 2) - ((y + 6) / 0.6) ** 2)
  const hollow = 1 - 0.8 * Math.exp(-((side / 0.25) ** 2) - ((y + 2.7) / 0.6) ** 2)
  const behind = smoothstep(-4.5, -2, z)
  return Math.max(cheek, sideburn) * aroundLips * belowLip * hollow * behind * smoothstep(-13, -10, y)
}
