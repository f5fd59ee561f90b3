import type { RecordMinutia } from '../../../src/domain/finger.js'
import type { Impression } from '../render/impression.js'
import { coverageOf } from './coverage.js'

/** Two minutiae are the same when they lie on the same place of the master within these. */
const PLACE_TOLERANCE_PX = 8
const DIRECTION_TOLERANCE_RAD = Math.PI / 6

/** A minutia on the master. */
interface Placed {
  readonly u: number
  readonly v: number
  /** y down. */
  readonly directionRad: number
}

export interface Repetition {
  /** Minutiae of the first impression that the second one shows. */
  readonly expected: number
  /** Of these, found again. */
  readonly found: number
}

/** How many minutiae of one impression the other one, which shows their place, gives too. */
export function repetition(
  first: { readonly impression: Impression; readonly minutiae: readonly RecordMinutia[] },
  second: { readonly impression: Impression; readonly minutiae: readonly RecordMinutia[] },
): Repetition {
  const isShown = coverageOf(second.impression)
  const expected = placed(first.minutiae, first.impression).filter(({ u, v }) => isShown(u, v))
  const rest = new Set(placed(second.minutiae, second.impression))
  let found = 0
  for (const minutia of expected) {
    const near = [...rest].filter((other) => areSame(minutia, other))
    const best = near.sort((a, b) => distance(minutia, a) - distance(minutia, b))[0]
    if (best === undefined) continue
    rest.delete(best)
    found++
  }
  return { expected: expected.length, found }
}

function placed(minutiae: readonly RecordMinutia[], { placeOf }: Impression): readonly Placed[] {
  return minutiae.map(({ xPx, yPx, angleRad }) => {
    const [u, v] = placeOf(xPx, yPx)
    const [ahead, down] = placeOf(xPx + 4 * Math.cos(angleRad), yPx - 4 * Math.sin(angleRad))
    return { u, v, directionRad: Math.atan2(down - v, ahead - u) }
  })
}

function areSame(a: Placed, b: Placed): boolean {
  const turn = a.directionRad - b.directionRad
  const turned = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)))
  return distance(a, b) <= PLACE_TOLERANCE_PX && turned <= DIRECTION_TOLERANCE_RAD
}

function distance(a: Placed, b: Placed): number {
  return Math.hypot(a.u - b.u, a.v - b.v)
}
