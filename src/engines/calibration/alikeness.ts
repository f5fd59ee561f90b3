import type { ComparedSamples } from '../../domain/calibration.js'
import { poolAdjacentViolators } from './isotonic.js'

/** Above it, probes differ so little that no gallery shows it. */
const SHAPE_MAX = 1000
/** No measured set came near it: LFW’s development view gives 0.06 to 2 at FMR 1e-5. */
const SHAPE_MIN = 1e-3

/**
 * How much probes differ in how many strangers resemble them: the shape of the gamma distribution over probes of the rate at which
 * a reference reaches a score, 1 / (coefficient of variation)². Large: all probes are alike; near 0: few probes resemble many
 * people and most nobody ("wolves and lambs", G. Doddington et al., ICSLP 1998).
 *
 * By moments: with e(p, q) the share of person q's samples that reach the score against probe p, the mean square of the rate is the
 * mean over probes of e(p, q)·e(p, r) over all q ≠ r, which neither the chance of single comparisons nor several samples of one
 * person inflate. Over the square of the mean it is 1 + 1/shape. At rare scores few probes reach two people or none: neighbouring
 * scores are pooled, each one weighing as many such pairs as equal probes would give (the likeliest rising sequence of Poisson counts).
 *
 * @param ascending scores
 * @returns one shape for each score; it never rises with the score
 */
export function probeShapes(compared: ComparedSamples, ascending: readonly number[]): readonly number[] {
  const moments = rateMoments(compared, ascending.toReversed()).toReversed()
  const blocks = poolAdjacentViolators(
    moments.map(({ mean, square }) => square / mean ** 2),
    moments.map(({ mean }) => mean ** 2),
  )
  return blocks.flatMap(({ count, mean }) => {
    const shape = mean > 1 ? 1 / (mean - 1) : SHAPE_MAX
    return Array<number>(count).fill(Math.min(SHAPE_MAX, Math.max(SHAPE_MIN, shape)))
  })
}

/**
 * Mean and mean square over probes of the rate at which another person's sample reaches each score; every person weighs one.
 * @param scores greatest first
 */
function rateMoments({ persons, personCount, nonMated }: ComparedSamples, scores: readonly number[]) {
  const samplesOf = new Uint32Array(personCount)
  for (const person of persons) samplesOf[person]!++
  const reached = new Float32Array(persons.length * personCount) // share of the person's samples, by probe and person
  const [sums, squares] = [new Float64Array(persons.length), new Float64Array(persons.length)] // by probe, over people
  const count = (probe: number, reference: number) => {
    const person = persons[reference]!
    const [at, step] = [probe * personCount + person, 1 / samplesOf[person]!]
    squares[probe]! += step * (2 * reached[at]! + step)
    sums[probe]! += step
    reached[at]! += step
  }
  let next = 0
  return scores.map((score) => {
    for (; next < nonMated.scores.length && nonMated.scores[next]! >= score; next++) {
      count(nonMated.first[next]!, nonMated.second[next]!)
      count(nonMated.second[next]!, nonMated.first[next]!)
    }
    let [mean, square] = [0, 0]
    persons.forEach((person, probe) => {
      const weight = 1 / (samplesOf[person]! * personCount)
      mean += (weight * sums[probe]!) / (personCount - 1)
      square += (weight * (sums[probe]! ** 2 - squares[probe]!)) / ((personCount - 1) * (personCount - 2))
    })
    return { mean, square }
  })
}
