import { blurred, emptyPlane, type Plane } from './plane.js'

/** Smooths the image before it is derived: pores and pixel noise are finer than ridges. */
const GRADIENT_SIGMA_PX = 1
/** Neighbourhood whose gradients vote for an orientation: a ridge period to each side. Of 7, 9 and 11 px the middle one
 * repeats poor prints 4 points better than the first and turns tighter cores than the last (docs/finger-extractor.md). */
const FINE_SIGMA_PX = 9
/** Neighbourhood that a doubtful place asks. */
const COARSE_SIGMA_PX = 14
/** How much the wide neighbourhood says where the near one is clear. */
const COARSE_WEIGHT = 0.25

/** Orientation of the ridges' NORMAL as a doubled-angle vector: (cos 2φ, sin 2φ) · coherence, y down. */
export interface OrientationField {
  readonly cos2: Plane
  readonly sin2: Plane
  /** 0 (no direction: noise, flat) to 1 (parallel ridges). */
  readonly coherence: Plane
}

/** The gradient tensor, smoothed at two scales (Bazen and Gerez, TPAMI 2002). */
export function orientationOf(image: Plane): OrientationField {
  const tensor = gradientTensor(blurred(image, GRADIENT_SIGMA_PX))
  const [difference, product, energy] = tensor.map((plane) => blurred(plane, FINE_SIGMA_PX))
  const fine = { cos2: emptyPlane(image), sin2: emptyPlane(image), coherence: emptyPlane(image) }
  for (let p = 0; p < fine.cos2.values.length; p++) {
    const total = energy!.values[p]! + 1e-6
    const [x, y] = [difference!.values[p]! / total, product!.values[p]! / total]
    fine.cos2.values[p] = x
    fine.sin2.values[p] = y
    fine.coherence.values[p] = Math.min(1, Math.hypot(x, y))
  }
  return steadied(fine)
}

/** Adds the wide neighbourhood's vector: it decides where the near one is short, and hardly turns where it is long. */
function steadied({ cos2, sin2, coherence }: OrientationField): OrientationField {
  const [wideX, wideY] = [blurred(cos2, COARSE_SIGMA_PX), blurred(sin2, COARSE_SIGMA_PX)]
  for (let p = 0; p < cos2.values.length; p++) {
    cos2.values[p]! += COARSE_WEIGHT * wideX.values[p]!
    sin2.values[p]! += COARSE_WEIGHT * wideY.values[p]!
  }
  return { cos2, sin2, coherence }
}

/** gx² - gy², 2·gx·gy and gx² + gy² by central differences. */
function gradientTensor({ widthPx, heightPx, values }: Plane): readonly Plane[] {
  const planes = [1, 2, 3].map(() => emptyPlane({ widthPx, heightPx }))
  const [difference, product, energy] = planes.map((plane) => plane.values)
  for (let y = 1; y < heightPx - 1; y++)
    for (let x = 1, p = y * widthPx + 1; x < widthPx - 1; x++, p++) {
      const gx = values[p + 1]! - values[p - 1]!
      const gy = values[p + widthPx]! - values[p - widthPx]!
      difference![p] = gx * gx - gy * gy
      product![p] = 2 * gx * gy
      energy![p] = gx * gx + gy * gy
    }
  return planes
}

/** Angle of the ridges' normal at one pixel, radians clockwise from +x as seen, -π/2 to π/2. */
export function normalAngleAt({ cos2, sin2 }: OrientationField, p: number): number {
  return Math.atan2(sin2.values[p]!, cos2.values[p]!) / 2
}
