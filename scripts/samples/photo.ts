import { backdropColour, type Backdrop } from './backdrop.js'
import { SUPERSAMPLING, type Camera } from './camera.js'
import type { Amounts } from './displace.js'
import { drawStrands } from './draw-strands.js'
import type { Expression } from './expressions.js'
import type { HeadCage } from './head-mesh.js'
import type { LightRig } from './light.js'
import { MATERIALS } from './mesh.js'
import { ambientOcclusion } from './occlusion.js'
import type { Person } from './person.js'
import type { Pose } from './pose.js'
import { rasterise, type Fragments } from './raster.js'
import { buildScene, paletteOf, type Scene } from './scene.js'
import { develop, type Sensor } from './sensor.js'
import { shade, type Radiance } from './shade.js'
import { castPoint, castTriangle, emptyShadowMap, type ShadowMap } from './shadow.js'
import { scatter } from './subsurface.js'
import { mix, pointAt } from './vec.js'

/** Everything about a picture that is not the person. */
export interface Shot {
  readonly pose: Pose
  readonly expression: Amounts<Expression>
  readonly light: LightRig
  readonly backdrop: Backdrop
  readonly sensor: Sensor
  readonly pxPerCm: number // at the face
  readonly shiftPx: readonly [number, number] // the head off the middle
  readonly glasses: boolean // worn, if the person has any
  readonly seed: string
}

const WIDTH_PX = 352
const HEIGHT_PX = 448
const DISTANCE_CM = 115
const FACE_DEPTH_CM = 4

/** person → scene → visibility → light → scattering → hair → camera; a JPEG file. */
export async function photograph(cage: HeadCage, person: Person, shot: Shot): Promise<Buffer> {
  const camera = cameraOf(shot)
  const scene = buildScene(cage, person, shot)
  const fragments = rasterise(scene.surfaces, camera)
  const shadows = shot.light.lamps.map((lamp) => (lamp.castsShadow ? castShadows(scene, lamp.toward) : undefined))
  const open = ambientOcclusion(fragments, camera)
  const radiance = shade({ fragments, camera, rig: shot.light, shadows, open, palette: paletteOf(person, shot) })
  scatter(radiance, fragments, camera)
  const picture = compose(fragments, radiance, shot.backdrop)
  const exposure = shot.sensor.exposure * meter(fragments, picture)
  drawStrands({ picture, fragments, camera, rig: shot.light, shadows }, scene.strands)
  return develop(picture, camera.width, camera.height, { ...shot.sensor, exposure }, shot.seed)
}

function cameraOf({ pxPerCm, shiftPx }: Shot): Camera {
  const [width, height] = [WIDTH_PX * SUPERSAMPLING, HEIGHT_PX * SUPERSAMPLING]
  return {
    width,
    height,
    distanceCm: DISTANCE_CM,
    focalPx: pxPerCm * SUPERSAMPLING * (DISTANCE_CM - FACE_DEPTH_CM),
    centre: [width / 2 + shiftPx[0] * SUPERSAMPLING, height * 0.46 + shiftPx[1] * SUPERSAMPLING],
  }
}

function castShadows(scene: Scene, toward: ShadowMap['toward']): ShadowMap {
  const map = emptyShadowMap(toward)
  for (const { material, mesh } of scene.surfaces) {
    if (material === 'eye') continue
    const corner = (t: number): ReturnType<typeof pointAt> => pointAt(mesh.points, mesh.triangles[t]!)
    for (let t = 0; t < mesh.triangles.length; t += 3) castTriangle(map, corner(t), corner(t + 1), corner(t + 2))
  }
  for (const { points, castsShadow } of scene.strands) {
    if (!castsShadow) continue
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1]!, points[i]!]
      for (let s = 0; s < 4; s++) castPoint(map, mix(a, b, s / 4), 0)
    }
  }
  return map
}

function compose(f: Fragments, radiance: Radiance, backdrop: Backdrop): Float32Array {
  const picture = new Float32Array(f.width * f.height * 3)
  for (let pixel = 0; pixel < f.width * f.height; pixel++) {
    const empty = f.depth[pixel] === Infinity
    const behind = empty
      ? backdropColour(backdrop, (pixel % f.width) / f.width, Math.floor(pixel / f.width) / f.height)
      : undefined
    for (let k = 0; k < 3; k++) {
      const i = 3 * pixel + k
      picture[i] = behind ? behind[k]! : radiance.albedo[i]! * radiance.irradiance[i]! + radiance.specular[i]!
    }
  }
  return picture
}

/** Automatic exposure as cameras do it for faces: bright skin is held back, dark skin is lifted, neither fully. */
function meter(f: Fragments, picture: Float32Array): number {
  const skin = MATERIALS.indexOf('skin')
  let sum = 0
  let count = 0
  for (let pixel = 0; pixel < f.width * f.height; pixel++) {
    if (f.material[pixel] !== skin || f.depth[pixel] === Infinity) continue
    sum += 0.3 * picture[3 * pixel]! + 0.6 * picture[3 * pixel + 1]! + 0.1 * picture[3 * pixel + 2]!
    count++
  }
  return 0.52 * (sum / Math.max(1, count)) ** -0.32
}
