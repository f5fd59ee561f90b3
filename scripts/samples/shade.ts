import { pixelsPerCm, type Camera } from './camera.js'
import { clothTexel, type Cloth } from './cloth.js'
import { corneaNormal, eyeTexel, type Iris } from './iris.js'
import { ambient, mirrored, type LightRig } from './light.js'
import { MATERIALS, PAINT, PAINT_STRIDE, type Material } from './mesh.js'
import type { Fragments } from './raster.js'
import { lit, type ShadowMap } from './shadow.js'
import { SKIN_F0, sheen } from './sheen.js'
import type { SkinPaint } from './skin.js'
import type { Texel } from './texel.js'
import { add, dot, mix, normalize, pointAt, scale, smoothstep, sub, type Vec3 } from './vec.js'

/** The looks of everything that can be seen. */
export interface Palette {
  readonly skin: SkinPaint
  readonly iris: Iris
  readonly cloth: Cloth
  readonly frame: Vec3
  /** How much of the skin under hair and brows shows their colour, at a point of the undeformed head. */
  readonly hairy: (x: number, y: number, z: number) => { readonly share: number; readonly colour: Vec3 }
}

/** Light per pixel, kept apart so that skin can scatter what enters it and not what glances off. 3 per pixel. */
export interface Radiance {
  readonly irradiance: Float32Array // light that enters the surface
  readonly albedo: Float32Array
  readonly specular: Float32Array // light reflected at the surface
}

/** What light meets in one picture. */
export interface Stage {
  readonly fragments: Fragments
  readonly camera: Camera
  readonly rig: LightRig
  readonly shadows: readonly (ShadowMap | undefined)[] // one per lamp; undefined where a lamp casts none
  readonly open: Float32Array // ambient light that arrives, 0..1 per pixel
  readonly palette: Palette
}

const SKIN_WRAP = 0.18 // how far light creeps round skin's own shadow edge

export function shade(stage: Stage): Radiance {
  const { width, height, depth } = stage.fragments
  const size = 3 * width * height
  const radiance = {
    irradiance: new Float32Array(size),
    albedo: new Float32Array(size),
    specular: new Float32Array(size),
  }
  for (let pixel = 0; pixel < width * height; pixel++) if (depth[pixel] !== Infinity) shadePixel(radiance, stage, pixel)
  return radiance
}

/** One pixel's place, material and bearings. */
interface Spot {
  readonly pixel: number
  readonly material: Material
  readonly texel: Texel
  readonly position: Vec3
  readonly normal: Vec3 // with the full fine relief: for light that enters
  readonly mirror: Vec3 // smoother: for light that glances off, which would glitter otherwise
  readonly view: Vec3
  readonly hollow: number // ambient light that arrives
}

function shadePixel(out: Radiance, stage: Stage, pixel: number): void {
  const spot = spotAt(stage, pixel)
  addSurroundings(out, stage.rig, spot)
  stage.rig.lamps.forEach((_, index) => addLamp(out, stage, spot, index))
}

function spotAt(stage: Stage, pixel: number): Spot {
  const { fragments: f, camera, open, palette } = stage
  const position = positionOf(f, pixel, camera)
  const rest = pointAt(f.rest, pixel)
  const smooth = normalize(pointAt(f.normal, pixel))
  const material = MATERIALS[f.material[pixel]!]!
  const texel = texelOf(material, f, pixel, rest, palette)
  const eye = material === 'eye'
  const normal = eye ? smooth : bumped(smooth, texel.bump)
  const mirror = eye ? corneaNormal(smooth, rest) : normalize(add(normal, smooth))
  const view = normalize(sub([0, 0, camera.distanceCm], position))
  return {
    pixel,
    material,
    texel,
    position,
    normal,
    mirror,
    view,
    hollow: open[pixel]! * (eye ? lidShade(f, pixel) : 1),
  }
}

/** Ambient light, and the reflection of what stands around. */
function addSurroundings(out: Radiance, rig: LightRig, spot: Spot): void {
  const { pixel, texel, normal, mirror, view, hollow } = spot
  const glassy = isGlassy(spot.material)
  const facing = Math.max(0, dot(mirror, view))
  const fresnel = SKIN_F0 + (1 - SKIN_F0) * (1 - facing) ** 5 * (glassy ? 0.6 : 0.45)
  const reflected = sub(scale(mirror, 2 * facing), view)
  const seen = glassy ? mirrored(rig, reflected, texel.roughness) : scale(ambient(rig, reflected), 0.5)
  const arriving = ambient(rig, normal)
  const strength = texel.specular * fresnel * (glassy ? 0.4 + 0.6 * hollow : hollow)
  for (let k = 0; k < 3; k++) {
    out.albedo[3 * pixel + k] = texel.albedo[k]!
    out.irradiance[3 * pixel + k] = arriving[k]! * hollow
    out.specular[3 * pixel + k] = strength * seen[k]!
  }
}

function addLamp(out: Radiance, stage: Stage, spot: Spot, index: number): void {
  const { pixel, material, texel, position, normal, mirror, view } = spot
  const { toward, colour, penumbraCm } = stage.rig.lamps[index]!
  const shadow = stage.shadows[index]
  const light = shadow ? lit(shadow, position, penumbraCm, pixel) : 0.4 + 0.6 * stage.open[pixel]!
  if (light === 0) return
  const wrap = material === 'skin' ? SKIN_WRAP : 0
  const diffuse = (Math.max(0, dot(normal, toward) + wrap) * light) / (1 + wrap) ** 2
  const glint = isGlassy(material) ? 0 : texel.specular * sheen(mirror, view, toward, texel.roughness) * light
  for (let k = 0; k < 3; k++) {
    out.irradiance[3 * pixel + k]! += colour[k]! * diffuse * (material === 'eye' ? spot.hollow : 1)
    out.specular[3 * pixel + k]! += colour[k]! * glint
  }
}

/** Smooth enough to show the lamps themselves and not only their sheen. */
const isGlassy = (material: Material): boolean => material === 'eye' || material === 'frame'

function positionOf(f: Fragments, pixel: number, camera: Camera): Vec3 {
  const depth = f.depth[pixel]!
  const perCm = pixelsPerCm(camera, depth)
  const x = ((pixel % f.width) - camera.centre[0]) / perCm
  const y = (camera.centre[1] - Math.floor(pixel / f.width)) / perCm
  return [x, y, camera.distanceCm - depth]
}

function texelOf(material: Material, f: Fragments, pixel: number, rest: Vec3, palette: Palette): Texel {
  const [x, y, z] = rest
  switch (material) {
    case 'skin': {
      const inside = f.paint[PAINT_STRIDE * pixel + PAINT.mouthInside]!
      const lidInside = f.paint[PAINT_STRIDE * pixel + PAINT.lidInside]!
      const skin = palette.skin.at(
        x,
        y,
        z,
        f.paint[PAINT_STRIDE * pixel + PAINT.lip]!,
        Math.max(0.8 * inside, 0.25 * lidInside),
      )
      const { share, colour } = palette.hairy(x, y, z)
      return { ...skin, albedo: mix(skin.albedo, colour, share), specular: skin.specular * (1 - share) }
    }
    case 'eye':
      return eyeTexel(palette.iris, x, y, z)
    case 'cloth':
      return clothTexel(palette.cloth, rest, f.paint[PAINT_STRIDE * pixel + PAINT.hem]!)
    case 'frame':
      return { albedo: palette.frame, roughness: 0.25, specular: 1.6, bump: [0, 0, 0] }
  }
}

/** Tilts the normal down the slope of the fine relief. */
function bumped(normal: Vec3, slope: Vec3): Vec3 {
  return normalize(sub(normal, sub(slope, scale(normal, dot(slope, normal)))))
}

/** The upper lid and its lashes keep the top of the eyeball dark. */
function lidShade(f: Fragments, pixel: number): number {
  for (let rows = 1; rows < 14; rows++) {
    const above = pixel - rows * f.width
    if (above < 0 || f.material[above] !== f.material[pixel] || f.part[above] !== f.part[pixel]) {
      return 0.3 + 0.7 * smoothstep(0, 14, rows)
    }
  }
  return 1
}
