import { project, type Camera } from './camera.js'
import type { LightRig } from './light.js'
import type { Fragments } from './raster.js'
import { transmitted, type ShadowMap } from './shadow.js'
import type { Strand } from './strands.js'
import { dot, normalize, sub, type Vec3 } from './vec.js'

const DEPTH_SLACK_CM = 0.12 // a root lies in the skin, not under it
const ABSORPTION_PER_CM = 0.75

/** The picture that hairs are drawn into, and what stands in it already. */
export interface Canvas {
  readonly picture: Float32Array // linear RGB, 3 per pixel
  readonly fragments: Fragments
  readonly camera: Camera
  readonly rig: LightRig
  readonly shadows: readonly (ShadowMap | undefined)[] // one per lamp
}

/** Draws hairs over the finished skin, farthest first. */
export function drawStrands(canvas: Canvas, strands: readonly Strand[]): void {
  const order = strands.map((strand) => ({ strand, nearness: strand.points[strand.points.length >> 1]![2] }))
  order.sort((a, b) => a.nearness - b.nearness)
  for (const { strand } of order) drawStrand(canvas, strand)
}

function drawStrand(canvas: Canvas, strand: Strand): void {
  const { points, opacity } = strand
  let from: Vertex = { at: project(canvas.camera, ...points[0]!), colour: strandColour(canvas, strand, 0) }
  for (let i = 1; i < points.length; i++) {
    const to = { at: project(canvas.camera, ...points[i]!), colour: strandColour(canvas, strand, i) }
    const taper = i === points.length - 1 ? 0.55 : 1
    drawLine(canvas, from, to, opacity * taper)
    from = to
  }
}

interface Vertex {
  readonly at: Vec3 // column, row, depth
  readonly colour: Vec3
}

/** Light a hair gives back at one of its points: Kajiya and Kay's model with a white and a coloured highlight. */
function strandColour({ camera, rig, shadows }: Canvas, strand: Strand, i: number): Vec3 {
  const { points, colour } = strand
  const at = points[i]!
  const along = normalize(sub(points[Math.min(points.length - 1, i + 1)]!, points[Math.max(0, i - 1)]!))
  const view = normalize(sub([0, 0, camera.distanceCm], at))
  const depth = 1 - strand.rootShade * (1 - i / (points.length - 1)) ** 0.7
  const result: [number, number, number] = [0, 0, 0]
  for (let k = 0; k < 3; k++) result[k] = colour[k]! * depth * 0.75 * (0.5 * rig.sky[k]! + 0.5 * rig.ground[k]!)
  rig.lamps.forEach(({ toward, colour: lampColour }, index) => {
    const shadow = shadows[index]
    const light = (shadow ? transmitted(shadow, at, ABSORPTION_PER_CM) : 0.55) * depth
    const cosine = dot(along, toward)
    const diffuse = 0.62 * Math.sqrt(Math.max(0, 1 - cosine * cosine))
    const half = normalize([view[0] + toward[0], view[1] + toward[1], view[2] + toward[2]])
    const white = strand.gloss * 0.038 * lobe(dot(along, half) + 0.06, 90)
    const tinted = strand.gloss * 0.55 * lobe(dot(along, half) - 0.1, 22)
    for (let k = 0; k < 3; k++) result[k]! += lampColour[k]! * light * (colour[k]! * (diffuse + tinted) + white)
  })
  return result
}

const lobe = (sine: number, exponent: number): number => Math.exp(-0.5 * exponent * sine * sine)

function drawLine({ picture, fragments: f }: Canvas, a: Vertex, b: Vertex, opacity: number): void {
  const [from, to] = [a.at, b.at]
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]))))
  for (let s = 0; s < steps; s++) {
    const t = s / steps
    const x = Math.round(from[0] + (to[0] - from[0]) * t)
    const y = Math.round(from[1] + (to[1] - from[1]) * t)
    if (x < 0 || y < 0 || x >= f.width || y >= f.height) continue
    const pixel = y * f.width + x
    if (from[2] + (to[2] - from[2]) * t > f.depth[pixel]! + DEPTH_SLACK_CM) continue
    for (let k = 0; k < 3; k++) {
      const colour = a.colour[k]! + (b.colour[k]! - a.colour[k]!) * t
      picture[3 * pixel + k]! += (colour - picture[3 * pixel + k]!) * opacity
    }
  }
}
