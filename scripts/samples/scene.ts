import { clothSurface, neckSurface } from './body.js'
import { beardDensity, growBeard } from './beard.js'
import { browDensity, growBrows } from './brows.js'
import { earSurface } from './ear.js'
import { eyeSurface } from './eyeball.js'
import { glassesSurfaces } from './glasses.js'
import { growHair } from './hair.js'
import { scalpDensity } from './hair-style.js'
import { buildHead, type Head } from './head.js'
import { LEFT_EYE_RING, RIGHT_EYE_RING, type HeadCage } from './head-mesh.js'
import { growLashes } from './lashes.js'
import type { Surface } from './mesh.js'
import type { Person } from './person.js'
import type { Shot } from './photo.js'
import { posePoint, poseSurface } from './pose.js'
import type { Palette } from './shade.js'
import { SkinPaint } from './skin.js'
import type { Strand } from './strands.js'
import { pointAt, scale, type Vec3 } from './vec.js'

/** Everything that stands before the camera, turned as the shot wants it. */
export interface Scene {
  readonly surfaces: readonly Surface[]
  readonly strands: readonly Strand[]
}

// Where ears and the bridge of glasses sit on the undeformed head: left ear, right ear, bridge.
const ANCHORS = Float64Array.from([7.4, 1.1, -2.7, -7.4, 1.1, -2.7, 0, 2.2, 5.9])

export function buildScene(cage: HeadCage, person: Person, shot: Shot): Scene {
  const head = buildHead(cage, person, shot.expression)
  const stiff = [
    head.surface,
    ...eyes(head, shot),
    ...ears(head, person),
    ...(shot.glasses ? spectacles(head, person) : []),
  ]
  const loose = [neckSurface(person.body), clothSurface(person.body)]
  const surfaces = [
    ...stiff.map((s) => poseSurface(shot.pose, s, true)),
    ...loose.map((s) => poseSurface(shot.pose, s, false)),
  ]
  return { surfaces, strands: hairs(cage, head, person).map((strand) => poseStrand(strand, shot)) }
}

/** The eyes look into the camera, whichever way the head is turned. */
function eyes(head: Head, shot: Shot): Surface[] {
  const gaze = { yawRad: -shot.pose.yawRad, pitchRad: -shot.pose.pitchRad }
  return head.eyeballs.map((eye) => eyeSurface(eye, gaze))
}

function ears(head: Head, person: Person): Surface[] {
  const roots = head.carry(ANCHORS)
  return [
    earSurface({ root: pointAt(roots, 0), side: 1, ...person.ear }),
    earSurface({ root: pointAt(roots, 1), side: -1, ...person.ear }),
  ]
}

function spectacles(head: Head, person: Person): Surface[] {
  if (!person.glasses) return []
  const anchors = head.carry(ANCHORS)
  const front = (i: 0 | 1): readonly [number, number, number] => {
    const { centre, radius } = head.eyeballs[i]
    return [centre[0], centre[1], centre[2] + radius]
  }
  const [leftEar, rightEar, bridge] = [pointAt(anchors, 0), pointAt(anchors, 1), pointAt(anchors, 2)]
  return glassesSurfaces(person.glasses, { rightEye: front(0), leftEye: front(1), bridge, rightEar, leftEar })
}

function hairs(cage: HeadCage, head: Head, person: Person): Strand[] {
  const cagePoints = head.carry(cage.rest)
  const rings = [RIGHT_EYE_RING, LEFT_EYE_RING]
  return [
    ...growHair(head.surface, person.hair),
    ...growBrows(head.surface, person.brows),
    ...head.eyeballs.flatMap((eye, i) => growLashes(cagePoints, rings[i]!, eye, person.lashes)),
    ...(person.beard ? growBeard(head.surface, person.beard) : []),
  ]
}

function poseStrand(strand: Strand, shot: Shot): Strand {
  // Hair turns with the head, but where it reaches the shoulders it stays with them.
  return { ...strand, points: strand.points.map((p) => posePoint(shot.pose, p, p[1] > -7)) }
}

export function paletteOf(person: Person, shot: Shot): Palette {
  const age = Math.max(0, (person.ageYears - 25) / 50)
  const forehead = 0.75 * age * age + 0.5 * (shot.expression.browsUp ?? 0)
  const creases = { always: 1, age: age ** 1.4, smile: shot.expression.smile ?? 0, forehead, fold: person.lidFold }
  return {
    skin: new SkinPaint(person.complexion, creases),
    iris: person.iris,
    cloth: person.cloth,
    frame: person.glasses?.colour ?? [0, 0, 0],
    hairy: (x, y, z) => hairyShare(person, x, y, z),
  }
}

/** Skin under dense hair is dark with it: scalp, brow or beard, whichever grows there. */
function hairyShare(person: Person, x: number, y: number, z: number): { share: number; colour: Vec3 } {
  const { brows, beard, hair } = person
  const brow = z > 0 && y > 3 && y < 6 ? 0.42 * browDensity(brows, Math.abs(x), y) : 0
  if (brow > 0) return { share: brow, colour: brows.colour }
  const chin = beard && y < 2 && z > -4 ? Math.min(0.65, 0.45 + 0.3 * beard.lengthCm) * beardDensity(beard, x, y, z) : 0
  const scalp = 0.96 * scalpDensity(hair, x, y, z)
  return beard && chin > scalp
    ? { share: chin, colour: beard.colour }
    : { share: scalp, colour: scale(hair.colour, 0.5) }
}
