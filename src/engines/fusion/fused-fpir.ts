import type { SearchErrors } from '../../domain/calibration.js'

/**
 * False positives of searches by a fused score, which is −log10 of a false match rate and is taken at its word. Nothing was
 * measured, so this is a bound and no estimate: every comparison is one more chance, 1 − (1 − 10^−score)^N, which probes that resemble
 * many people only lower (see `fpirAtMost` of engines/calibration). Always extrapolated; its interval reaches down to 0.
 */
export const fusedSearchErrors: SearchErrors = {
  fpirAt(score, referenceCount) {
    if (referenceCount === 0) return { rate: 0, lower95: 0, upper95: 0, isExtrapolated: false }
    const rate = score <= 0 ? 1 : -Math.expm1(referenceCount * Math.log1p(-(10 ** -score)))
    return { rate, lower95: 0, upper95: rate, isExtrapolated: true }
  },
  scoreAtFpir(fpir, referenceCount) {
    if (referenceCount === 0) return 0
    return -Math.log10(-Math.expm1(Math.log1p(-fpir) / referenceCount))
  },
}
