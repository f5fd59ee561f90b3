import { fractal, noise } from './noise.js'
import type { Texel } from './texel.js'
import { mix, scale, smoothstep, type Vec3 } from './vec.js'

/** A garment's looks. */
export interface Cloth {
  readonly colour: Vec3 // linear RGB
  readonly second: Vec3
  readonly pattern: 'plain' | 'knit' | 'stripes' | 'check'
}

/** `hem` is 1 on the collar's ribbed band, 0 elsewhere; its seam runs where it passes one half. */
export function clothTexel(cloth: Cloth, [x, y, z]: Vec3, hem: number): Texel {
  const seam = 1 - 0.45 * Math.max(0, 1 - 4 * Math.abs(hem - 0.5))
  const weave = seam * (0.88 + 0.14 * noise(x * 7, y * 7, z * 7) + 0.1 * fractal(x * 0.5, y * 0.5, z * 0.5, 2))
  const colour = mix(cloth.colour, cloth.second, patternShare(cloth.pattern, x, y) * (1 - smoothstep(0.4, 0.6, hem)))
  const rib = 0.5 * hem * Math.cos(x * 15)
  const knit = cloth.pattern === 'knit' ? 0.28 * Math.cos(x * 14 + Math.sin(y * 9)) * (1 - hem) : 0
  const fold = 0.45 * fractal(x * 0.35, y * 0.22, z * 0.35, 2)
  const bump: Vec3 = [rib + knit + fold, 0.4 * noise(x * 0.6, y * 0.6, 5), 0]
  return { albedo: scale(colour, weave), roughness: 0.85, specular: 0.25, bump }
}

function patternShare(pattern: Cloth['pattern'], x: number, y: number): number {
  const band = (value: number): number => smoothstep(0.25, 0.45, Math.sin(value))
  switch (pattern) {
    case 'plain':
    case 'knit':
      return 0
    case 'stripes':
      return band(y * 3.2)
    case 'check':
      return 0.5 * band(x * 2.6) + 0.5 * band(y * 2.6)
  }
}
