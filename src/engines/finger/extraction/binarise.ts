import type { Plane } from './plane.js'
import { dropSmallRegions, type Mask } from './regions.js'

/** Specks below this area are no ridge: a piece one period (9 px) long and half a period wide has 40 px. */
const SPECK_AREA_PX = 25
/** Holes below this area are pores. */
const PORE_AREA_PX = 16

/** 1 on a ridge. Filtered ridges are negative; specks of either kind are turned over. */
export function binarise(enhanced: Plane): Mask {
  const cells = Uint8Array.from(enhanced.values, (value) => (value < 0 ? 1 : 0))
  const raw = { width: enhanced.widthPx, height: enhanced.heightPx, cells }
  // Ridges touch over corners; the valleys between them then do not.
  return dropSmallRegions(dropSmallRegions(raw, 1, SPECK_AREA_PX, 8, false), 0, PORE_AREA_PX, 4, false)
}
