/**
 * Steps of the coded directions, radians. All formats count counter-clockwise from +x, as the image is seen.
 *
 * An ANSI code is taken as 2° times the code, the way NIST's own converter reads it (biomdi, ansi2iso.c): its sample
 * pair fmr.ansi2004 and fmr.iso2005 agrees in 27 of 27 minutiae of the first view; the middle of a bin that ends at
 * the code (2a − 1°) would agree in 4.
 */
export const ANGLE_STEP_RAD = {
  /** ISO/IEC 19794-2: 256 steps of 1.40625°. */
  iso: (2 * Math.PI) / 256,
  /** ANSI INCITS 378: 180 steps of 2°. */
  ansi: (2 * Math.PI) / 180,
  /** ISO/IEC 19794-2, compact card format: 64 steps of 5.625°. */
  compact: (2 * Math.PI) / 64,
  /** NBIS .xyt: whole degrees. */
  degree: Math.PI / 180,
} as const

/** The code nearest to an angle, 0 to a full turn's steps − 1; any finite angle will do. */
export function angleCode(angleRad: number, stepRad: number): number {
  const stepCount = Math.round((2 * Math.PI) / stepRad)
  const steps = Math.round(angleRad / stepRad) % stepCount
  return steps < 0 ? steps + stepCount : steps
}
