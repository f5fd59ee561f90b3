import { turn } from './eyeball.js'
import { normalsOf, type Surface } from './mesh.js'
import { smoothstep, type Vec3 } from './vec.js'

/** How the head is held: yaw to the person's left, pitch upwards, roll to the person's left shoulder. */
export interface Pose {
  readonly yawRad: number
  readonly pitchRad: number
  readonly rollRad: number
}

const PIVOT: Vec3 = [0, -6, -5] // between the first neck vertebrae

/** Turns a point with the head: wholly (`stiff`), or less and less down the neck. */
export function posePoint(pose: Pose, point: Vec3, stiff: boolean): Vec3 {
  const share = stiff ? 1 : smoothstep(-16, -7, point[1])
  const [x, y, z]: Vec3 = [point[0] - PIVOT[0], point[1] - PIVOT[1], point[2] - PIVOT[2]]
  const roll = pose.rollRad * share
  const [c, s] = [Math.cos(roll), Math.sin(roll)]
  const [tx, ty, tz] = turn([x * c - y * s, x * s + y * c, z], pose.yawRad * share, pose.pitchRad * share)
  return [tx + PIVOT[0], ty + PIVOT[1], tz + PIVOT[2]]
}

export function poseSurface(pose: Pose, surface: Surface, stiff: boolean): Surface {
  const points = new Float64Array(surface.mesh.points.length)
  for (let i = 0; i < points.length; i += 3) {
    const p = surface.mesh.points
    points.set(posePoint(pose, [p[i]!, p[i + 1]!, p[i + 2]!], stiff), i)
  }
  const mesh = { points, triangles: surface.mesh.triangles }
  return { ...surface, mesh, normals: normalsOf(mesh) }
}
