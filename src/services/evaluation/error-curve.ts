/** One threshold of a detection error trade-off: FMR and FNMR of comparisons, or FPIR and FNIR of searches. */
export interface ErrorPoint {
  readonly threshold: number
  /** Share of the non-mated at or above the threshold. */
  readonly falsePositive: number
  /** Share of the mated below it. */
  readonly falseNegative: number
}

/** More points than a plot has pixels say nothing more. */
const POINTS_MAX = 400

/**
 * The detection error trade-off (ISO/IEC 19795-1): both error rates at each score as threshold, from the greatest threshold (no
 * false positives) to the least. Of more than 400 points those are kept that lie apart on logarithmic axes.
 * @param mated, nonMated at least one each; −Infinity (no template) is below every threshold
 */
export function errorCurve(mated: readonly number[], nonMated: readonly number[]): readonly ErrorPoint[] {
  const matedUp = Float64Array.from(mated).sort()
  const nonMatedUp = Float64Array.from(nonMated).sort()
  const thresholds = [...new Set([...nonMatedUp, ...matedUp])].filter(Number.isFinite).sort((a, b) => b - a)
  const points: ErrorPoint[] = []
  let [below, belowMated] = [nonMatedUp.length, matedUp.length]
  for (const threshold of thresholds) {
    while (below > 0 && nonMatedUp[below - 1]! >= threshold) below--
    while (belowMated > 0 && matedUp[belowMated - 1]! >= threshold) belowMated--
    points.push({
      threshold,
      falsePositive: (nonMatedUp.length - below) / nonMatedUp.length,
      falseNegative: belowMated / matedUp.length,
    })
  }
  return thinned(corners(points))
}

/** Drops points that lie on the straight line between their neighbours: runs of one kind alone. */
function corners(points: readonly ErrorPoint[]): readonly ErrorPoint[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]]
    if (before === undefined || after === undefined) return true
    const vertical = before.falsePositive === point.falsePositive && after.falsePositive === point.falsePositive
    const level = before.falseNegative === point.falseNegative && after.falseNegative === point.falseNegative
    return !vertical && !level
  })
}

function thinned(points: readonly ErrorPoint[]): readonly ErrorPoint[] {
  if (points.length <= POINTS_MAX) return points
  const place = ({ falsePositive, falseNegative }: ErrorPoint) =>
    Math.log(Math.max(falsePositive, 1e-9)) - Math.log(Math.max(falseNegative, 1e-9))
  const [first, last] = [place(points[0]!), place(points.at(-1)!)]
  let step = -1
  return points.filter((point, i) => {
    const reached = Math.floor(((place(point) - first) / (last - first)) * (POINTS_MAX - 2))
    const isNew = reached > step || i === points.length - 1
    step = Math.max(step, reached)
    return isNew
  })
}
