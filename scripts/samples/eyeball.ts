import { LEFT_EYE_RING, RIGHT_EYE_RING } from './head-mesh.js'
import { gridMesh, normalsOf, PAINT_STRIDE, type Surface } from './mesh.js'
import { add, clamp, pointAt, scale, type Vec3 } from './vec.js'

/** An eyeball in head space. */
export interface Eyeball {
  readonly centre: Vec3
  readonly radius: number
}

const RADIUS = 1.27 // centimetres; an adult's is 1.2, and a little more fills the template's corners
const LID_THICKNESS = 0.05
const ROWS = 40
const COLUMNS = 48

/** The two eyeballs that fit behind the lids of this face: the person's right, then left. */
export function fitEyeballs(cagePoints: Float64Array): readonly [Eyeball, Eyeball] {
  return [fitEyeball(cagePoints, RIGHT_EYE_RING), fitEyeball(cagePoints, LEFT_EYE_RING)]
}

function fitEyeball(cagePoints: Float64Array, ring: readonly number[]): Eyeball {
  const edge = ring.map((p) => pointAt(cagePoints, p))
  const centre = scale(
    edge.reduce<Vec3>((sum, p) => add(sum, p), [0, 0, 0]),
    1 / edge.length,
  )
  const front = Math.max(...edge.map((p) => p[2]))
  return { centre: [centre[0], centre[1], front - RADIUS - 0.03], radius: RADIUS }
}

/** Lids rest on the eyeball: skin that would lie inside it is lifted out. */
export function liftLids(points: Float64Array, eyeballs: readonly Eyeball[]): void {
  for (const { centre, radius } of eyeballs) {
    for (let i = 0; i < points.length; i += 3) {
      const x = points[i]! - centre[0]
      const y = points[i + 1]! - centre[1]
      const z = points[i + 2]! - centre[2]
      const distance = Math.sqrt(x * x + y * y + z * z)
      const wanted = radius + LID_THICKNESS * clamp(z / radius, 0, 1)
      if (z < 0.2 || distance >= wanted || distance === 0) continue
      const factor = wanted / distance
      points[i] = centre[0] + x * factor
      points[i + 1] = centre[1] + y * factor
      points[i + 2] = centre[2] + z * factor
    }
  }
}

/** The eyeball as a surface; its rest frame is the unit sphere with the pupil at +z, turned by the gaze. */
export function eyeSurface(eye: Eyeball, gaze: { readonly yawRad: number; readonly pitchRad: number }): Surface {
  const local = gridMesh(ROWS, COLUMNS, true, (row, column) => {
    const polar = (row / (ROWS - 1)) * Math.PI * 0.55
    const around = (column / COLUMNS) * 2 * Math.PI
    return [Math.sin(polar) * Math.cos(around), Math.sin(polar) * Math.sin(around), Math.cos(polar)]
  })
  const points = new Float64Array(local.points.length)
  for (let p = 0; p < points.length / 3; p++) {
    points.set(add(eye.centre, scale(turn(pointAt(local.points, p), gaze.yawRad, gaze.pitchRad), eye.radius)), 3 * p)
  }
  const mesh = { points, triangles: local.triangles }
  const paint = new Float64Array((points.length / 3) * PAINT_STRIDE)
  return { material: 'eye', mesh, normals: normalsOf(mesh), rest: local.points, paint }
}

/** Turns about y (yaw, to the person's left) and then x (pitch, upwards). */
export function turn([x, y, z]: Vec3, yawRad: number, pitchRad: number): Vec3 {
  const [cy, sy, cp, sp] = [Math.cos(yawRad), Math.sin(yawRad), Math.cos(pitchRad), Math.sin(pitchRad)]
  const [py, pz] = [y * cp + z * sp, z * cp - y * sp]
  return [x * cy + pz * sy, py, pz * cy - x * sy]
}
