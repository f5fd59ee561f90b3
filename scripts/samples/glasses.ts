import { gridMesh, plainSurface, type Surface } from './mesh.js'
import { add, cross, normalize, scale, sub, type Vec3 } from './vec.js'

/** Spectacle frames. Lengths in centimetres. */
export interface Glasses {
  readonly lensWidthCm: number
  readonly lensHeightCm: number
  readonly squareness: number // 2 is an ellipse, 4 a rounded rectangle
  readonly rimCm: number // radius of the rim
  readonly colour: Vec3
}

/** Where the face carries them: pupils, bridge of the nose and the ears' roots. */
export interface GlassesSeat {
  readonly rightEye: Vec3
  readonly leftEye: Vec3
  readonly bridge: Vec3
  readonly rightEar: Vec3
  readonly leftEar: Vec3
}

const RIM_STEPS = 64

export function glassesSurfaces(glasses: Glasses, seat: GlassesSeat): Surface[] {
  const plane = Math.max(seat.bridge[2] + 0.25, seat.leftEye[2] + 1.35)
  const rims = [seat.rightEye, seat.leftEye].map((eye) => rimLine(glasses, eye, plane))
  const height = seat.leftEye[1] + 0.35
  const inner = Math.abs(seat.leftEye[0]) - glasses.lensWidthCm / 2 + 0.1
  const bridge: Vec3[] = [-1, -0.5, 0, 0.5, 1].map((t) => [
    t * inner,
    height + 0.22 * (1 - t * t),
    plane + 0.15 * (1 - t * t),
  ])
  const temples = [-1, 1].map((side) => {
    const hinge: Vec3 = [side * (Math.abs(seat.leftEye[0]) + glasses.lensWidthCm / 2), height + 0.4, plane - 0.35]
    const ear = side < 0 ? seat.rightEar : seat.leftEar
    const bend = add(ear, [side * 0.35, 1.9, -0.6])
    return [hinge, add(hinge, [side * 0.35, 0, -0.5]), scale(add(hinge, bend), 0.5), bend, add(bend, [0, -1, -1.2])]
  })
  return [
    ...rims.map((line) => tube(line, glasses.rimCm, true, glasses.rimCm * 1.25)),
    tube(bridge, glasses.rimCm, false, glasses.rimCm),
    ...temples.map((line) => tube(line, glasses.rimCm * 0.8, false, glasses.rimCm * 1.5)),
  ]
}

function rimLine(glasses: Glasses, eye: Vec3, plane: number): Vec3[] {
  return Array.from({ length: RIM_STEPS }, (_, i) => {
    const angle = (i / RIM_STEPS) * 2 * Math.PI
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    const power = 2 / glasses.squareness
    const x = Math.sign(c) * Math.abs(c) ** power * (glasses.lensWidthCm / 2)
    const y = Math.sign(s) * Math.abs(s) ** power * (glasses.lensHeightCm / 2) - 0.15
    return [eye[0] + x, eye[1] + y, plane - 0.012 * (eye[0] + x) ** 2]
  })
}

/** A tube of elliptic section along a line. */
function tube(line: readonly Vec3[], radius: number, closed: boolean, heightRadius: number): Surface {
  const at = (i: number): Vec3 =>
    line[closed ? (i + line.length) % line.length : Math.max(0, Math.min(line.length - 1, i))]!
  const rows = closed ? line.length + 1 : line.length
  const mesh = gridMesh(rows, 10, true, (row, column) => {
    const along = normalize(sub(at(row + 1), at(row - 1)))
    const side = normalize(cross(along, [0.05, 0.03, 1]))
    const other = cross(along, side)
    const angle = (-column / 10) * 2 * Math.PI
    return add(at(row), add(scale(side, heightRadius * Math.cos(angle)), scale(other, radius * Math.sin(angle))))
  })
  return plainSurface('frame', mesh)
}
