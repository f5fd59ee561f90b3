import { gridMesh, plainSurface, type Surface } from './mesh.js'
import { add, cross, normalize, scale, smoothstep, type Vec3 } from './vec.js'

/** One ear: where it sits and how it is built. Lengths in centimetres. */
export interface Ear {
  readonly root: Vec3 // the notch above the tragus, on the side of the head
  readonly side: 1 | -1 // +1 is the person's left
  readonly lengthCm: number
  readonly flareRad: number // how far the ear stands off the head
}

const RINGS = 26
const SPOKES = 56

/** The ear as a sheet with relief: helix, scapha, antihelix, concha, tragus and lobe. */
export function earSurface(ear: Ear): Surface {
  const back: Vec3 = [ear.side * Math.sin(ear.flareRad), 0.1, -Math.cos(ear.flareRad)]
  const up: Vec3 = normalize([0, 1, -0.22]) // ears lean back a little
  const outward = scale(normalize(cross(up, back)), ear.side)
  const unit = ear.lengthCm / 2
  const place = (u: number, v: number, h: number): Vec3 =>
    add(add(add(ear.root, scale(back, (u + 0.38) * unit)), scale(up, v * unit)), scale(outward, h * unit))
  const mesh = gridMesh(RINGS, SPOKES, true, (ring, spoke) => {
    const angle = (spoke / SPOKES) * 2 * Math.PI * ear.side
    const r = Math.min(1, ring / (RINGS - 7)) // the last rings fold round the edge to the back of the ear
    const fold = Math.max(0, ring - (RINGS - 7)) / 6
    const [u, v] = outline(angle)
    const shrink = 1 - 0.22 * fold * fold
    return place(u * r * shrink, v * r * shrink, relief(u * r, v * r, r) - 0.3 * fold)
  })
  const rest = mesh.points.map((value, i) => (i % 3 === 0 ? value + ear.side * 40 : value)) // far from the face's paint
  return plainSurface('skin', mesh, rest)
}

/** The ear's outline: broad above, narrow at the lobe; u backwards, v up, in half ear lengths. */
function outline(angle: number): readonly [number, number] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const width = 0.5 + 0.12 * s - 0.06 * s * s
  return [c * width * (c < 0 ? 0.8 : 1) + 0.1 * s, s]
}

const ridge = (value: number, at: number, width: number): number => Math.exp(-(((value - at) / width) ** 2))

/** Height of the relief over the ear's plane, in half ear lengths. */
function relief(u: number, v: number, r: number): number {
  const helix = 0.17 * ridge(r, 0.93, 0.1) * smoothstep(-0.75, -0.3, v + 0.5 * Math.max(0, u))
  const scapha = -0.06 * ridge(r, 0.76, 0.1)
  const antihelix = 0.12 * ridge(Math.hypot(u + 0.12, (v - 0.05) * 0.62), 0.36, 0.09) * smoothstep(-0.25, 0.05, u)
  const concha = -0.32 * Math.exp(-(((u + 0.1) / 0.24) ** 2) - ((v + 0.08) / 0.36) ** 2)
  const tragus = 0.2 * Math.exp(-(((u + 0.36) / 0.1) ** 2) - ((v + 0.12) / 0.16) ** 2)
  const lobe = 0.08 * Math.exp(-((u / 0.3) ** 2) - ((v + 0.82) / 0.2) ** 2)
  return helix + scapha + antihelix + concha + tragus + lobe + 0.1
}
