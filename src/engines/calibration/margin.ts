import type { CalibrationKnot } from './content.js'

/** How much of a margin is taken for uncertain, either way. */
const UNCERTAIN_SHARE = 0.5

/**
 * What a knot says of samples that are harder than those it was measured on (synthetic ones, or another sensor's): false matches
 * are `decades` powers of ten more frequent, the interval is half of that wider either way, and likelihood ratios that speak for
 * one person are as much smaller, but never turn against it. Those against it, and false non-matches, stay.
 */
export function withMargin(knot: CalibrationKnot, decades: number): CalibrationKnot {
  const more = (rate: number, by: number) => Math.min(1, rate * 10 ** by)
  return {
    ...knot,
    fmr: more(knot.fmr, decades),
    fmrLower95: more(knot.fmrLower95, decades * (1 - UNCERTAIN_SHARE)),
    fmrUpper95: more(knot.fmrUpper95, decades * (1 + UNCERTAIN_SHARE)),
    llr: knot.llr > 0 ? Math.max(0, knot.llr - decades) : knot.llr,
  }
}
