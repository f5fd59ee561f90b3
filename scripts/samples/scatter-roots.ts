import type { Surface } from './mesh.js'
import { cellHash } from './noise.js'
import { length, cross, pointAt, sub, type Vec3 } from './vec.js'

/** Where a hair grows. */
export interface Root {
  readonly at: Vec3
  readonly normal: Vec3
  readonly rest: Vec3
  readonly dice: number // 0..1, its own luck
}

/**
 * Roots all over a surface, `perCm2` times `density` of the undeformed head at the place. They depend on the
 * undeformed head alone, so that a person has the same hairs in every picture and with every expression.
 */
export function scatterRoots(
  surface: Surface,
  perCm2: number,
  density: (x: number, y: number, z: number) => number,
): Root[] {
  const { rest, mesh, normals } = surface
  const roots: Root[] = []
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const [a, b, c] = [mesh.triangles[t]!, mesh.triangles[t + 1]!, mesh.triangles[t + 2]!]
    const [ra, rb, rc] = [pointAt(rest, a), pointAt(rest, b), pointAt(rest, c)]
    const wanted = perCm2 * density(ra[0], ra[1], ra[2]) * 0.5 * length(cross(sub(rb, ra), sub(rc, ra)))
    if (wanted <= 0) continue
    const count = Math.floor(wanted + cellHash(t, 1, 1))
    for (let i = 0; i < count; i++) {
      const u = Math.sqrt(cellHash(t, 2 + i, 2))
      const v = cellHash(t, 2 + i, 3)
      const weights: Vec3 = [1 - u, u * (1 - v), u * v]
      const blend = (values: Float64Array): Vec3 => blendPoints(values, [a, b, c], weights)
      roots.push({ at: blend(mesh.points), normal: blend(normals), rest: blend(rest), dice: cellHash(t, 2 + i, 4) })
    }
  }
  return roots
}

function blendPoints(values: Float64Array, corners: Vec3, weights: Vec3): Vec3 {
  const [p, q, r] = [pointAt(values, corners[0]), pointAt(values, corners[1]), pointAt(values, corners[2])]
  const at = (k: 0 | 1 | 2): number => p[k] * weights[0] + q[k] * weights[1] + r[k] * weights[2]
  return [at(0), at(1), at(2)]
}
