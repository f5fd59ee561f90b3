import { randomFinger } from '../../scripts/finger/finger.js'
import { randomImpression } from '../../scripts/finger/impression.js'
import { randomFrom } from '../../scripts/samples/random.js'
import { MINUTIA_TYPES, type FingerPosition, type FingerView } from '../../src/domain/finger.js'
import type { FingerInput } from '../../src/domain/finger-analysis.js'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'

/** Synthetic impressions reach a little over 600 px; the ISO field holds 16,383. */
const SIDE_PX = 1_000

/** A view of an impression of the synthetic finger `finger`: other impressions are of the same skin. */
export function aFingerView(
  finger: string,
  impression: number,
  position: FingerPosition = 'unknown',
  quality: number | null = 80,
): FingerView {
  const skin = randomFinger(randomFrom(`finger ${finger}`))
  const { minutiae } = randomImpression(skin, randomFrom(`impression ${finger} ${impression}`))
  const places = Array.from(minutiae.x, (x, i) => ({ x: x + 200, y: (minutiae.y[i] ?? 0) + 200, i }))
  return {
    position,
    viewNumber: 0,
    impression: 0,
    quality,
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    resolutionXPpcm: 197,
    resolutionYPpcm: 197,
    minutiae: places
      .filter(({ x, y }) => x >= 0 && y >= 1 && x < SIDE_PX && y <= SIDE_PX)
      .map(({ x, y, i }) => ({
        type: MINUTIA_TYPES[minutiae.type[i] ?? 0] ?? 'other',
        xPx: Math.round(x),
        yPx: SIDE_PX - Math.round(y),
        angleRad: minutiae.angleRad[i] ?? 0,
        quality: Math.max(1, Math.min(100, minutiae.quality[i] ?? 1)),
      })),
  }
}

/** The same as a record of ISO/IEC 19794-2:2005. */
export function aFingerRecord(...view: Parameters<typeof aFingerView>): Uint8Array {
  return writeFingerRecord({ views: [aFingerView(...view)] }, 'iso-19794-2-2005')
}

/** The same as an input of the services. */
export function aFingerInput(...view: Parameters<typeof aFingerView>): FingerInput {
  return { kind: 'record', bytes: aFingerRecord(...view), options: {}, position: 'unknown' }
}
