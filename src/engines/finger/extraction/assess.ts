import type { Plane } from './plane.js'
import type { Mask } from './regions.js'

/** Square millimetres of one pixel at 500 dpi. */
const PIXEL_AREA_MM2 = (25.4 / 500) ** 2
/** A flat impression of a finger has 150 to 300 mm²; FBI PIV readers take at least 12.8 × 16.5 mm (211 mm²). */
const FULL_AREA_MM2 = 200
/** A flat impression has 30 to 60 (FINGERPRINT.md, §2: 40 to 80 for a full one). */
const FULL_MINUTIAE = 30
/** Below this share of a full value, a person is told about it. */
const MENTIONED_SHARE = 0.6

export interface Assessment {
  /** 0 to 100. Made of our own measures; not calibrated against NFIQ 2 or error rates. */
  readonly quality: number
  /** Sentences for the operator, the worst first. */
  readonly reasons: readonly string[]
}

/** Quality of the whole print: how much of it there is, how clear it is, and how many minutiae it gave. */
export function assess(print: Mask, trust: Plane, minutiaCount: number): Assessment {
  let [area, clear] = [0, 0]
  for (let p = 0; p < print.cells.length; p++)
    if (print.cells[p] === 1) {
      area++
      clear += trust.values[p]!
    }
  const areaMm2 = area * PIXEL_AREA_MM2
  const parts = [
    { share: areaMm2 / FULL_AREA_MM2, reason: `The print covers ${Math.round(areaMm2)} mm² only.` },
    { share: area > 0 ? clear / area : 0, reason: 'The ridges are not clear: too dry, too wet, moved or dirty.' },
    { share: minutiaCount / FULL_MINUTIAE, reason: `Only ${minutiaCount} minutiae were found.` },
  ].map(({ share, reason }) => ({ share: Math.min(1, share), reason }))
  const product = parts.reduce((all, { share }) => all * share, 1)
  const mentioned = parts.filter(({ share }) => share < MENTIONED_SHARE).sort((a, b) => a.share - b.share)
  return { quality: Math.round(100 * Math.cbrt(product)), reasons: mentioned.map(({ reason }) => reason) }
}
