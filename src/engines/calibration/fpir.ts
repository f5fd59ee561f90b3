/** 97.5 % of a normal distribution lie below it. */
const Z_95 = 1.96

/**
 * The false positive identification rate of one search: the chance that a probe of nobody listed is reached by one reference or more.
 *
 * The chance is not 1 − (1 − FMR)^N: some probes resemble many people, and their false positives share a search. With rates over
 * probes after a gamma distribution of this shape it is 1 − (1 + N·FMR/shape)^−shape (the beta-binomial's limit for rare events),
 * which for a large shape is the independent case. On LFW's development view it differs from counting over all galleries of
 * 100 to 1,000 by under 3 %, the independent form by up to 21 %.
 */
export function fpirOf(fmr: number, shape: number, referenceCount: number): number {
  return -Math.expm1(-shape * Math.log1p((referenceCount * fmr) / shape))
}

/** The same if all probes were alike: by Jensen's inequality no way in which they differ gives more. */
export function fpirAtMost(fmr: number, referenceCount: number): number {
  return -Math.expm1(referenceCount * Math.log1p(-Math.min(fmr, 1 - 1e-12)))
}

/**
 * By which factor another gallery's false match rate may differ from the calibration's (95 %). Three things add up: the calibration
 * knows its people only so well; the people who will be compared are another draw, taken to be no better a sample than the
 * calibration's own was (a prediction, not an estimate: G. J. Hahn and W. Q. Meeker, "Statistical Intervals", 1991); and the gallery
 * holds few of them. References differ as probes do, so that the mean of N has the variance 1/(shape·N).
 * @param factor between the rate and the end of its own interval, 1 or more
 */
export function galleryFactor(factor: number, shape: number, referenceCount: number): number {
  const known = Math.log(factor)
  return Math.exp(Math.hypot(known, known, Z_95 / Math.sqrt(shape * referenceCount)))
}
