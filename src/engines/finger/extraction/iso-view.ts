import type { FingerPosition, FingerView, RecordMinutia } from '../../../domain/finger.js'
import type { FoundMinutia } from './find-minutiae.js'
import { qualityAt } from './minutia-quality.js'
import type { Plane } from './plane.js'

/** A view of the standard holds no more (ISO/IEC 19794-2:2005: the count is one byte). */
export const MINUTIAE_MAX = 255
/** 500 dpi in pixels per centimetre, as all records write it. */
const WORKING_PPCM = 197
/** Where coherence and response fall below a fifth of clean ridges', nothing that was found is believed. Not tuned. */
const QUALITY_MIN = 20

/** Turns found minutiae into a view in the standard's convention, the best 255, best first. */
export function isoView(
  found: readonly FoundMinutia[],
  trust: Plane,
  quality: number,
  taken: { readonly position: FingerPosition; readonly impression: number },
): FingerView {
  const minutiae = found
    .map((minutia) => isoMinutia(minutia, trust))
    .filter((minutia) => minutia.quality >= QUALITY_MIN)
    .sort((a, b) => b.quality - a.quality)
    .slice(0, MINUTIAE_MAX)
  const { widthPx, heightPx } = trust
  const resolution = { resolutionXPpcm: WORKING_PPCM, resolutionYPpcm: WORKING_PPCM }
  return { ...taken, viewNumber: 0, quality, widthPx, heightPx, ...resolution, minutiae }
}

function isoMinutia(minutia: FoundMinutia, trust: Plane): RecordMinutia & { readonly quality: number } {
  const { type, x, y, directionRad } = minutia
  return {
    type,
    xPx: Math.max(0, Math.min(trust.widthPx - 1, Math.round(x))),
    yPx: Math.max(0, Math.min(trust.heightPx - 1, Math.round(y))),
    angleRad: counterClockwise(directionRad),
    quality: qualityAt(trust, x, y),
  }
}

/** From clockwise as seen (y down) to counter-clockwise, 0 to 2π. */
function counterClockwise(angleRad: number): number {
  const turn = 2 * Math.PI
  const angle = -angleRad % turn
  return angle < 0 ? (angle + turn) % turn : angle
}
