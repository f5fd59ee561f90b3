/**
 * The fused score of the parts of a probe that could be compared: minus the decimal logarithm of their common false match rate.
 *
 * Each part says −log10 of its own false match rate; the parts are summed. The sum alone would not be an error rate: with more
 * parts it grows by chance. For a non-mated subject each rate is uniform on 0 to 1 (that is what calibrated means), so the sum s of k
 * independent parts has the tail P = e^−x · Σ xⁱ/i! over i < k, with x = s·ln 10 (R. A. Fisher, 1932). For one part this is the part.
 *
 * A missing part (the probe or the subject has none) is not among them: it counts neither for nor against.
 * Fingers of one person are not quite independent, nor are poor samples of one capture: issue 5 of the project calibrates it.
 *
 * @param parts each 0 or more, at least one
 */
export function fuse(parts: readonly number[]): number {
  if (parts.length === 0) throw new Error('a fusion needs parts')
  const x = Math.LN10 * parts.reduce((sum, part) => sum + Math.max(0, part), 0)
  let term = 1
  let series = 1
  for (let i = 1; i < parts.length; i++) {
    term *= x / i
    series += term
  }
  return Math.max(0, (x - Math.log(series)) / Math.LN10) // in logarithms: e^−x itself would underflow
}
