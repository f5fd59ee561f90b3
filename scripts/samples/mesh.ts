/** Triangles over points. Winding: counter-clockwise seen from outside. */
export interface Mesh {
  readonly points: Float64Array // x y z after one another, centimetres
  readonly triangles: Uint32Array // three point numbers each
}

/** What a surface is made of; decides how a pixel of it is shaded. */
export const MATERIALS = ['skin', 'eye', 'cloth', 'frame'] as const
export type Material = (typeof MATERIALS)[number]

/** Values painted on the points of a surface, 0..1; a garment has no lips, so its collar band shares their place. */
export const PAINT_STRIDE = 3
export const PAINT = { lip: 0, mouthInside: 1, lidInside: 2, hem: 0 } as const

/** A mesh ready to be drawn. */
export interface Surface {
  readonly material: Material
  readonly mesh: Mesh
  readonly normals: Float64Array // unit, per point
  readonly rest: Float64Array // where the point lies on the undeformed head: the frame of all procedural textures
  readonly paint: Float64Array // PAINT_STRIDE values per point
}

/** Unit normals per point, weighted by triangle area. */
export function normalsOf({ points, triangles }: Mesh): Float64Array {
  const normals = new Float64Array(points.length)
  for (let t = 0; t < triangles.length; t += 3) accumulateNormal(points, normals, triangles, t)
  for (let i = 0; i < normals.length; i += 3) {
    const size = Math.sqrt(normals[i]! ** 2 + normals[i + 1]! ** 2 + normals[i + 2]! ** 2) || 1
    normals[i]! /= size
    normals[i + 1]! /= size
    normals[i + 2]! /= size
  }
  return normals
}

function accumulateNormal(p: Float64Array, normals: Float64Array, triangles: Uint32Array, t: number): void {
  const a = 3 * triangles[t]!
  const b = 3 * triangles[t + 1]!
  const c = 3 * triangles[t + 2]!
  const ux = p[b]! - p[a]!
  const uy = p[b + 1]! - p[a + 1]!
  const uz = p[b + 2]! - p[a + 2]!
  const vx = p[c]! - p[a]!
  const vy = p[c + 1]! - p[a + 1]!
  const vz = p[c + 2]! - p[a + 2]!
  const nx = uy * vz - uz * vy
  const ny = uz * vx - ux * vz
  const nz = ux * vy - uy * vx
  for (const i of [a, b, c]) {
    normals[i]! += nx
    normals[i + 1]! += ny
    normals[i + 2]! += nz
  }
}

/** A surface without paint, textured by its own coordinates. */
export function plainSurface(material: Material, mesh: Mesh, rest: Float64Array = mesh.points): Surface {
  const paint = new Float64Array((mesh.points.length / 3) * PAINT_STRIDE)
  return { material, mesh, normals: normalsOf(mesh), rest, paint }
}

/** A grid of points bent into a tube or sheet: `columns` around (closed when `wrap`), `rows` along. */
export function gridMesh(
  rows: number,
  columns: number,
  wrap: boolean,
  at: (row: number, column: number) => readonly [number, number, number],
): Mesh {
  const points = new Float64Array(rows * columns * 3)
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) points.set(at(r, c), 3 * (r * columns + c))
  const triangles: number[] = []
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + (wrap ? 0 : 1) < columns; c++) {
      const d = (c + 1) % columns
      const [p, q, s, t] = [r * columns + c, r * columns + d, (r + 1) * columns + c, (r + 1) * columns + d]
      triangles.push(p, s, q, q, s, t)
    }
  }
  return { points, triangles: Uint32Array.from(triangles) }
}
