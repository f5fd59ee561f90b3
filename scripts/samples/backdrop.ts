import { cellHash, fractal } from './noise.js'
import { mix, smoothstep, type Vec3 } from './vec.js'

/** What stands behind the person, out of focus. Colours linear RGB. */
export interface Backdrop {
  readonly kind: 'studio' | 'room' | 'garden'
  readonly near: Vec3
  readonly far: Vec3
  readonly seed: number
}

/** Colour behind the person at a place of the picture; x, y in 0..1 with y down. */
export function backdropColour(backdrop: Backdrop, x: number, y: number): Vec3 {
  const { near, far, seed } = backdrop
  switch (backdrop.kind) {
    case 'studio': {
      const glow = Math.exp(-(((x - 0.5) / 0.55) ** 2) - ((y - 0.45) / 0.6) ** 2)
      return mix(far, near, glow + 0.12 * fractal(x * 2 + seed, y * 2, 1, 3))
    }
    case 'room':
      return mix(wall(backdrop, x, y), [1, 0.85, 0.6], 0.5 * discs(x, y, seed, 4, 0.13))
    case 'garden': {
      const leaves = 0.5 + 0.9 * fractal(x * 3.5 + seed, y * 3.5, 2, 4)
      return mix(
        mix(far, near, Math.max(0, leaves)),
        [0.9, 0.95, 0.8],
        0.4 * discs(x, y, seed, 7, 0.3) * smoothstep(0.8, 0.1, y),
      )
    }
  }
}

/** A wall with upright edges of shelves or doors, blurred. */
function wall({ near, far, seed }: Backdrop, x: number, y: number): Vec3 {
  let share = 0.5 + 0.25 * fractal(x * 1.5, y * 0.6, seed, 2) - 0.25 * (y - 0.5)
  for (let edge = 0; edge < 4; edge++) {
    const at = cellHash(edge, seed, 1)
    const strength = 0.7 * (cellHash(edge, seed, 2) - 0.5)
    share += strength * smoothstep(at - 0.035, at + 0.035, x)
  }
  return mix(far, near, smoothstep(-0.2, 1.2, share))
}

/** Lights out of focus: soft discs, one per cell of a grid at most. */
function discs(x: number, y: number, seed: number, cells: number, share: number): number {
  let sum = 0
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [cx, cy] = [Math.floor(x * cells) + dx, Math.floor(y * cells * 1.25) + dy]
      if (cellHash(cx, cy, seed) > share) continue
      const [px, py] = [cx + cellHash(cx, cy, seed + 1), cy + cellHash(cx, cy, seed + 2)]
      const distance = Math.hypot(x * cells - px, y * cells * 1.25 - py)
      sum += (0.3 + 0.7 * cellHash(cx, cy, seed + 3)) * smoothstep(0.62, 0.42, distance)
    }
  }
  return Math.min(1, sum)
}
