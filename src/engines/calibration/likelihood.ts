import { poolAdjacentViolators } from './isotonic.js'

interface Weighed {
  /** Ascending. */
  readonly scores: Float64Array
  /** Of each score; they need not sum up to 1. */
  readonly weights: Float64Array
}

/**
 * log10 of the likelihood ratio mated : non-mated by score, as pooling adjacent violators finds it (N. Brümmer and J. du Preez,
 * "Application-independent evaluation of speaker detection", Computer Speech & Language 20, 2006): of all monotone maps the one of
 * least cost on these scores, whatever the prior. One imagined score of each class at either end (Laplace's rule of succession)
 * bounds it by what was counted. Between the middles of its steps it runs straight.
 * @returns the map; it never falls
 */
export function fitLlr(mated: Weighed, nonMated: Weighed): (score: number) => number {
  const runs = [
    ...imagined(mated, nonMated, 'lowest'),
    ...runsOf(normalised(mated), normalised(nonMated)),
    ...imagined(mated, nonMated, 'greatest'),
  ]
  const masses = runs.map((run) => run.mated + run.nonMated)
  const blocks = poolAdjacentViolators(
    runs.map((run, i) => run.mated / masses[i]!),
    masses,
  )
  const knots = blocks.map(({ startIndex, count, mean }) => ({
    score: middle(runs.slice(startIndex, startIndex + count)),
    llr: Math.log10(mean / (1 - mean)),
  }))
  return (score) => between(knots, score)
}

/** Neighbouring scores of one class. */
interface Run {
  /** The mean score. */
  readonly score: number
  readonly mated: number
  readonly nonMated: number
}

/** Each class weighs 1 in all. */
function normalised({ scores, weights }: Weighed): Weighed {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return { scores, weights: weights.map((weight) => weight / total) }
}

/** One score of each class, which weighs as much as one of its real ones; the mated first, so that the two are pooled. */
function imagined(mated: Weighed, nonMated: Weighed, end: 'lowest' | 'greatest'): readonly Run[] {
  const ends = [mated.scores, nonMated.scores].map((scores) => scores.at(end === 'lowest' ? 0 : -1)!)
  const score = end === 'lowest' ? Math.min(...ends) : Math.max(...ends)
  return [
    { score, mated: 1 / mated.scores.length, nonMated: 0 },
    { score, mated: 0, nonMated: 1 / nonMated.scores.length },
  ]
}

/** All scores ascending; the non-mated ones between two mated ones are one run, since their pool is one in any case. */
function runsOf(mated: Weighed, nonMated: Weighed): readonly Run[] {
  const runs: Run[] = []
  let next = 0
  const takeUpTo = (isLess: (score: number) => boolean) => {
    let [mass, sum] = [0, 0]
    for (; next < nonMated.scores.length && isLess(nonMated.scores[next]!); next++) {
      mass += nonMated.weights[next]!
      sum += nonMated.weights[next]! * nonMated.scores[next]!
    }
    if (mass > 0) runs.push({ score: sum / mass, mated: 0, nonMated: mass })
  }
  mated.scores.forEach((score, i) => {
    takeUpTo((other) => other < score) // of equal scores the mated comes first: they pool, as they must
    runs.push({ score, mated: mated.weights[i]!, nonMated: 0 })
  })
  takeUpTo(() => true)
  return runs
}

function middle(runs: readonly Run[]): number {
  let [sum, total] = [0, 0]
  for (const { score, mated, nonMated } of runs) {
    sum += score * (mated + nonMated)
    total += mated + nonMated
  }
  return sum / total
}

function between(knots: readonly { readonly score: number; readonly llr: number }[], score: number): number {
  const next = knots.findIndex((knot) => knot.score > score)
  const [a, b] = [knots[next === -1 ? knots.length - 1 : Math.max(0, next - 1)]!, knots[Math.max(0, next)]!]
  if (next <= 0 || b.score === a.score) return next === 0 ? b.llr : a.llr
  return a.llr + ((score - a.score) / (b.score - a.score)) * (b.llr - a.llr)
}
