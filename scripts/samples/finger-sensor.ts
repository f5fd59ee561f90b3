import {
  MINUTIA_TYPES,
  type FingerPosition,
  type FingerView,
  type NormalisedMinutiae,
} from '../../src/domain/finger.js'
import { NORMAL_PPCM } from '../../src/engines/finger/normalise.js'

/** A sensor of 0.8 × 1.0 inch at 500 dpi (the FBI's FAP 30), pixels. */
const SENSOR = { widthPx: 400, heightPx: 500 }

/**
 * What a sensor sees of an impression: minutiae beside it are lost.
 * @param minutiae whole pixels, y up from the lower edge
 */
export function onSensor(minutiae: NormalisedMinutiae, position: FingerPosition): FingerView {
  const seen = Array.from(minutiae.x, (xPx, i) => ({
    type: MINUTIA_TYPES[minutiae.type[i] ?? 0] ?? 'other',
    xPx,
    yPx: SENSOR.heightPx - (minutiae.y[i] ?? 0),
    angleRad: minutiae.angleRad[i] ?? 0,
    quality: minutiae.quality[i] ?? null,
  })).filter(({ xPx, yPx }) => xPx >= 0 && yPx >= 0 && xPx < SENSOR.widthPx && yPx < SENSOR.heightPx)
  const quality = Math.round(seen.reduce((sum, minutia) => sum + minutia.quality!, 0) / seen.length)
  return {
    position,
    viewNumber: 0,
    impression: 0, // live, plain
    quality,
    ...SENSOR,
    resolutionXPpcm: NORMAL_PPCM,
    resolutionYPpcm: NORMAL_PPCM,
    minutiae: seen,
  }
}
