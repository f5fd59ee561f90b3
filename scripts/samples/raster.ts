import { project, type Camera } from './camera.js'
import { MATERIALS, PAINT_STRIDE, type Surface } from './mesh.js'

/** What the camera sees at every supersampled pixel; depth is Infinity where it sees nothing. */
export interface Fragments {
  readonly width: number
  readonly height: number
  readonly depth: Float32Array // centimetres from the camera
  readonly material: Uint8Array // index into MATERIALS
  readonly normal: Float32Array // 3 per pixel
  readonly rest: Float32Array // 3 per pixel
  readonly paint: Float32Array // PAINT_STRIDE per pixel
  readonly part: Uint8Array // the surface's place in the scene
}

/** Draws the surfaces into a depth buffer, then fills in what the nearest triangle says about each pixel. */
export function rasterise(surfaces: readonly Surface[], camera: Camera): Fragments {
  const { width, height } = camera
  const count = width * height
  const fragments: Fragments = {
    width,
    height,
    depth: new Float32Array(count).fill(Infinity),
    material: new Uint8Array(count),
    normal: new Float32Array(3 * count),
    rest: new Float32Array(3 * count),
    paint: new Float32Array(PAINT_STRIDE * count),
    part: new Uint8Array(count),
  }
  surfaces.forEach((surface, part) => drawSurface(fragments, surface, part, camera))
  return fragments
}

function drawSurface(fragments: Fragments, surface: Surface, part: number, camera: Camera): void {
  const { points, triangles } = surface.mesh
  const screen = new Float64Array(points.length)
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, depth] = project(camera, points[i]!, points[i + 1]!, points[i + 2]!)
    screen[i] = x
    screen[i + 1] = y
    screen[i + 2] = depth
  }
  for (let t = 0; t < triangles.length; t += 3) drawTriangle(fragments, surface, part, screen, t)
}

function drawTriangle(fragments: Fragments, surface: Surface, part: number, screen: Float64Array, t: number): void {
  const { triangles } = surface.mesh
  const [pa, pb, pc] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!]
  const [a, b, c] = [3 * pa, 3 * pb, 3 * pc]
  const [ax, ay, bx, by, cx, cy] = [screen[a]!, screen[a + 1]!, screen[b]!, screen[b + 1]!, screen[c]!, screen[c + 1]!]
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
  if (area >= 0) return // seen from behind (rows run down, so outside is clockwise)
  const { width, height, depth } = fragments
  const [left, right] = [
    Math.max(0, Math.ceil(Math.min(ax, bx, cx))),
    Math.min(width - 1, Math.floor(Math.max(ax, bx, cx))),
  ]
  const [top, bottom] = [
    Math.max(0, Math.ceil(Math.min(ay, by, cy))),
    Math.min(height - 1, Math.floor(Math.max(ay, by, cy))),
  ]
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
      const v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
      const w = 1 - u - v
      if (u < 0 || v < 0 || w < 0) continue
      const pixel = y * width + x
      const z = u * screen[a + 2]! + v * screen[b + 2]! + w * screen[c + 2]!
      if (z >= depth[pixel]!) continue
      depth[pixel] = z
      fragments.part[pixel] = part
      writeFragment(fragments, surface, pixel, pa, pb, pc, u, v)
    }
  }
}

function writeFragment(
  f: Fragments,
  s: Surface,
  pixel: number,
  pa: number,
  pb: number,
  pc: number,
  u: number,
  v: number,
): void {
  const w = 1 - u - v
  f.material[pixel] = MATERIALS.indexOf(s.material)
  for (let k = 0; k < 3; k++) {
    f.normal[3 * pixel + k] = u * s.normals[3 * pa + k]! + v * s.normals[3 * pb + k]! + w * s.normals[3 * pc + k]!
    f.rest[3 * pixel + k] = u * s.rest[3 * pa + k]! + v * s.rest[3 * pb + k]! + w * s.rest[3 * pc + k]!
  }
  for (let k = 0; k < PAINT_STRIDE; k++) {
    f.paint[PAINT_STRIDE * pixel + k] =
      u * s.paint[PAINT_STRIDE * pa + k]! + v * s.paint[PAINT_STRIDE * pb + k]! + w * s.paint[PAINT_STRIDE * pc + k]!
  }
}
