import type { ComparedSamples } from '../../domain/calibration.js'
import { countAtLeast } from './fmr-curve.js'
import { poolAdjacentViolators } from './isotonic.js'

/** Above it, probes differ so little that no gallery shows it. */
const SHAPE_MAX = 1000
/** No measured set came near it: at FMR 1e-5 LFW's development view gives about 0.1. */
const SHAPE_MIN = 1e-3

/**
 * How much probes differ in how many strangers resemble them: the shape of the gamma distribution over probes of the rate at which
 * a reference reaches a score, 1 / (coefficient of variation)². Large: all probes are alike; near 0: few probes resemble many
 * people and most nobody ("wolves and lambs", G. Doddington et al., ICSLP 1998).
 *
 * By moments: with e(p, q) the share of person q's samples that reach the score against probe p, the mean square of the rate is the
 * mean over probes of e(p, q)·e(p, r) over all q ≠ r, which no chance of single comparisons inflates.
 *
 * @param scores any, greatest first
 * @returns one shape for each score, not falling from the first to the last
 */
export function probeShapes(compared: ComparedSamples, scores: readonly number[]): readonly number[] {
  const moments = rateMoments(compared, scores)
  const logs = moments.map(({ mean, square }) => {
    const variance = square - mean * mean
    const shape = variance > 0 ? (mean * mean) / variance : SHAPE_MAX
    return Math.log(Math.min(SHAPE_MAX, Math.max(SHAPE_MIN, shape)))
  })
  const weights = scores.map((score) => Math.sqrt(countAtLeast(compared.nonMated.scores, score) + 1))
  return poolAdjacentViolators(logs, weights).flatMap(({ count, mean }) => Array<number>(count).fill(Math.exp(mean)))
}

/** Mean and mean square over probes of the rate at which another person's sample reaches each score; every person weighs one. */
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
