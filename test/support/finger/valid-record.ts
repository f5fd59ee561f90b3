import { expect } from 'chai'
import { FINGER_POSITIONS, MINUTIA_TYPES, type FingerRecord } from '../../../src/domain/finger.js'

/** The smallest minutia of any format, bytes: a row of .xyt ("0 1 0") has 5, the compact card format 3. */
const MINUTIA_BYTES_MIN = 3

/** Checks everything that the types of domain/finger.ts promise, and that a record holds no more than its bytes can. */
export function expectValid({ views, warnings }: FingerRecord, byteCount: number): void {
  const fail = (what: string): never => expect.fail(`a record was read with ${what}`)
  if (views.length < 1 || views.length > 255) fail('a wrong count of views')
  if (warnings.length > 32) fail('too many warnings')
  let minutiaCount = 0
  for (const view of views) {
    if (!FINGER_POSITIONS.includes(view.position)) fail('an unknown position')
    if (!isWhole(view.viewNumber, 0, 15) || !isWhole(view.impression, 0, 255)) fail('a wrong number or impression')
    if (view.quality !== null && !isWhole(view.quality, 0, 100)) fail('a wrong quality of a view')
    for (const size of [view.widthPx, view.heightPx, view.resolutionXPpcm, view.resolutionYPpcm])
      if (!isWhole(size, 1, 0xffff)) fail('a wrong size')
    for (const { type, xPx, yPx, angleRad, quality } of view.minutiae) {
      if (!MINUTIA_TYPES.includes(type)) fail('an unknown type')
      if (!Number.isFinite(xPx) || !Number.isFinite(yPx)) fail('a wrong position')
      if (!(angleRad >= 0 && angleRad < 2 * Math.PI)) fail('a wrong angle')
      if (quality !== null && !isWhole(quality, 1, 100)) fail('a wrong quality')
    }
    minutiaCount += view.minutiae.length
  }
  if (minutiaCount * MINUTIA_BYTES_MIN > byteCount) fail('more minutiae than its bytes can hold')
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}
