import { gaborFilter, orientationIndex, periodIndex, REACH_PX } from './gabor-bank.js'
import { normalAngleAt, type OrientationField } from './orientation.js'
import { emptyPlane, type Plane } from './plane.js'
import type { Mask } from './regions.js'

/**
 * Contextual filtering: each pixel of the print through the Gabor filter of its own orientation and period. Ridges come
 * out negative, valleys positive; breaks and pores are bridged; outside the print it is 0.
 */
export function enhance(image: Plane, field: OrientationField, periodPx: Plane, print: Mask): Plane {
  const { widthPx, heightPx, values } = image
  const out = emptyPlane(image)
  for (let y = 0, p = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, p++) {
      if (print.cells[p] === 0) continue
      const filter = gaborFilter(orientationIndex(normalAngleAt(field, p)), periodIndex(periodPx.values[p]!))
      const isInside = x >= REACH_PX && y >= REACH_PX && x < widthPx - REACH_PX && y < heightPx - REACH_PX
      out.values[p] = isInside ? response(values, p, widthPx, filter) : edgeResponse(image, x, y, filter)
    }
  return out
}

function response(values: Float32Array, centre: number, widthPx: number, filter: Float32Array): number {
  let sum = 0
  for (let dy = -REACH_PX, i = 0; dy <= REACH_PX; dy++)
    for (let p = centre + dy * widthPx - REACH_PX, end = p + 2 * REACH_PX; p <= end; p++, i++)
      sum += filter[i]! * values[p]!
  return sum
}

/** The same near the image's edge, where what is outside counts as flat. */
function edgeResponse({ widthPx, heightPx, values }: Plane, x: number, y: number, filter: Float32Array): number {
  let sum = 0
  for (let py = y - REACH_PX, i = 0; py <= y + REACH_PX; py++)
    for (let px = x - REACH_PX; px <= x + REACH_PX; px++, i++)
      if (px >= 0 && py >= 0 && px < widthPx && py < heightPx) sum += filter[i]! * values[py * widthPx + px]!
  return sum
}
