/** One comparison score with its ground truth. A pair without a score (failure to extract) has −Infinity: never a match. */
export interface LabelledScore {
  readonly score: number
  readonly mated: boolean
  readonly fold: number
}

export interface CrossValidatedAccuracy {
  /** Mean over the folds of the share of right decisions. */
  readonly accuracy: number
  /** Standard deviation over the folds / √folds, as LFW's authors report it. */
  readonly standardError: number
}

/** For each fold, the threshold that is best on the other folds is applied to it. Ties take the lower threshold. */
export function crossValidatedAccuracy(scores: readonly LabelledScore[], foldCount: number): CrossValidatedAccuracy {
  const accuracies: number[] = []
  for (let fold = 0; fold < foldCount; fold++) {
    const held = scores.filter((score) => score.fold === fold)
    if (held.length === 0) continue
    const threshold = bestThreshold(scores.filter((score) => score.fold !== fold))
    const right = held.filter(({ score, mated }) => score >= threshold === mated).length
    accuracies.push(right / held.length)
  }
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
  const squares = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deviation = accuracies.length > 1 ? Math.sqrt(squares / (accuracies.length - 1)) : 0
  return { accuracy: mean, standardError: deviation / Math.sqrt(accuracies.length) }
}

/** The threshold with the most right decisions (score ≥ threshold means match); midway between two scores. */
export function bestThreshold(scores: readonly LabelledScore[]): number {
  const sorted = scores.toSorted((a, b) => b.score - a.score)
  let right = sorted.filter((score) => !score.mated).length // nothing matches
  let best = { right, threshold: Infinity }
  sorted.forEach(({ score, mated }, i) => {
    right += mated ? 1 : -1
    const next = sorted[i + 1]?.score ?? -Infinity
    if (right > best.right && next < score) best = { right, threshold: midway(score, next) }
  })
  return best.threshold
}

function midway(high: number, low: number): number {
  return low === -Infinity ? high : (high + low) / 2
}

/**
 * The least threshold whose false match rate does not exceed `fmr` on these non-mated scores: just above the
 * (⌊fmr·n⌋ + 1)-th greatest. With fewer than 1/fmr scores it lies above all of them.
 * @param descending non-mated scores, greatest first, at least one
 */
export function thresholdAtFmr(descending: Float64Array | readonly number[], fmr: number): number {
  const next = descending[Math.floor(fmr * descending.length)]
  if (next === undefined) throw new Error('a threshold needs non-mated scores')
  return justAbove(next)
}

/** Failures to extract lie at −Infinity and match at no threshold: any finite one excludes them. */
export function justAbove(score: number): number {
  return Number.isFinite(score) ? score + Math.max(Math.abs(score), 1e-3) * 1e-12 : -Number.MAX_VALUE
}

/** Share of mated scores at or above the threshold. */
export function trueMatchRate(mated: readonly number[], threshold: number): number {
  return mated.filter((score) => score >= threshold).length / mated.length
}

/**
 * The rate at which as many mated pairs are missed as non-mated ones match: the mean of both where they are nearest.
 * @param mated, nonMated at least one score each
 */
export function equalErrorRate(mated: readonly number[], nonMated: readonly number[]): number {
  const thresholds = [...new Set([...mated, ...nonMated])].sort((a, b) => b - a)
  const [matedDown, nonMatedDown] = [mated.toSorted((a, b) => b - a), nonMated.toSorted((a, b) => b - a)]
  let best = { gap: 1, rate: 0.5 } // above all scores: nothing matches
  let matched = { mated: 0, nonMated: 0 }
  for (const threshold of thresholds) {
    matched = {
      mated: countFrom(matedDown, threshold, matched.mated),
      nonMated: countFrom(nonMatedDown, threshold, matched.nonMated),
    }
    const fmr = matched.nonMated / nonMated.length
    const fnmr = 1 - matched.mated / mated.length
    const gap = Math.abs(fmr - fnmr)
    if (gap < best.gap) best = { gap, rate: (fmr + fnmr) / 2 }
  }
  return best.rate
}

/** How many of the descending scores are at or above the threshold, when `from` of them are known to be. */
function countFrom(descending: readonly number[], threshold: number, from: number): number {
  let count = from
  while (count < descending.length && descending[count]! >= threshold) count++
  return count
}
