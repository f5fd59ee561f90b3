import { displace, displaceAll, type Amounts } from './displace.js'
import { EXPRESSIONS, type Expression } from './expressions.js'
import { fitEyeballs, liftLids, type Eyeball } from './eyeball.js'
import { FACE_TRAITS, TEMPLATE_FIXES } from './face-traits.js'
import type { HeadCage } from './head-mesh.js'
import { normalsOf, type Surface } from './mesh.js'
import type { Person } from './person.js'
import { smoothstep } from './vec.js'

/** One person's head at one moment, before it is turned. */
export interface Head {
  readonly surface: Surface
  readonly eyeballs: readonly [Eyeball, Eyeball]
  /** Carries points of the undeformed head along with the face, e.g. where ears and glasses sit. */
  readonly carry: (rest: Float64Array) => Float64Array
}

/** cage → traits → expression → refine → lids on eyeballs → nostrils. */
export function buildHead(cage: HeadCage, person: Person, expression: Amounts<Expression>): Head {
  const carry = (rest: Float64Array): Float64Array => {
    const points = Float64Array.from(rest)
    for (const fix of TEMPLATE_FIXES) displace(points, rest, fix, 1)
    displaceAll(points, rest, FACE_TRAITS, person.shape)
    displaceAll(points, rest, EXPRESSIONS, expression)
    return points
  }
  const cagePoints = carry(cage.rest)
  const eyeballs = fitEyeballs(cagePoints)
  const points = cage.refinement.apply(cagePoints, 3)
  const rest = cage.refinement.apply(cage.rest, 3)
  liftLids(points, eyeballs)
  openNostrils(points, rest)
  const mesh = { points, triangles: cage.refinement.triangles }
  const paint = cage.refinement.apply(cage.paint, 3)
  return { surface: { material: 'skin', mesh, normals: normalsOf(mesh), rest, paint }, eyeballs, carry }
}

/** The template's nose is closed below: two hollows make nostrils. */
function openNostrils(points: Float64Array, rest: Float64Array): void {
  for (let i = 0; i < points.length; i += 3) {
    const x = (Math.abs(rest[i]!) - 0.76) / 0.5
    const y = (rest[i + 1]! + 1.78) / 0.34
    const z = (rest[i + 2]! - 6.15) / 0.62
    const hollow = smoothstep(1, 0.35, Math.hypot(x, y, z))
    points[i + 1]! += 0.7 * hollow
    points[i + 2]! -= 0.25 * hollow
  }
}
