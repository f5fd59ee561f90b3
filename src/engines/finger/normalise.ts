import { MINUTIA_TYPES, type FingerView, type NormalisedMinutiae, type RecordMinutia } from '../../domain/finger.js'

/**
 * Pixels per centimetre of 500 dpi. A record cannot say 196.85 and says 197: taking 197 for exactly 500 dpi keeps such
 * positions whole, and the 0.08 % is the same for every template.
 */
export const NORMAL_PPCM = 197

/**
 * Brings the minutiae of one view to 500 dpi, y up from the bottom edge, so that templates of any format and resolution
 * can be compared: `drop duplicates → best first → scale and turn`.
 */
export function normaliseView(view: FingerView): NormalisedMinutiae {
  const minutiae = withoutDuplicates(bestFirst(view.minutiae))
  const scaleX = NORMAL_PPCM / view.resolutionXPpcm
  const scaleY = NORMAL_PPCM / view.resolutionYPpcm
  return {
    x: Float32Array.from(minutiae, ({ xPx }) => xPx * scaleX),
    y: Float32Array.from(minutiae, ({ yPx }) => (view.heightPx - yPx) * scaleY),
    angleRad: Float32Array.from(minutiae, ({ angleRad }) => scaleAngle(angleRad, scaleX, scaleY)),
    type: Uint8Array.from(minutiae, ({ type }) => MINUTIA_TYPES.indexOf(type)),
    quality: Uint8Array.from(minutiae, ({ quality }) => quality ?? 0),
  }
}

/** In the record's order where quality ties: sorting is stable. */
function bestFirst(minutiae: readonly RecordMinutia[]): readonly RecordMinutia[] {
  return [...minutiae].sort((a, b) => (b.quality ?? 0) - (a.quality ?? 0))
}

/** Of minutiae equal in position, direction and type the best stays. */
function withoutDuplicates(minutiae: readonly RecordMinutia[]): readonly RecordMinutia[] {
  const seen = new Set<string>()
  return minutiae.filter(({ xPx, yPx, angleRad, type }) => {
    const key = `${xPx} ${yPx} ${angleRad} ${type}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** The largest float32 below 2π: rounding to float32 must not lead out of the range. */
const ANGLE_MAX_RAD = 13_176_794 / 2 ** 21

/** A direction in an image whose pixels are not square is another one once they are. */
function scaleAngle(angleRad: number, scaleX: number, scaleY: number): number {
  if (scaleX === scaleY) return Math.min(angleRad, ANGLE_MAX_RAD)
  const turned = Math.atan2(Math.sin(angleRad) * scaleY, Math.cos(angleRad) * scaleX)
  return Math.min(turned < 0 ? turned + 2 * Math.PI : turned, ANGLE_MAX_RAD)
}
