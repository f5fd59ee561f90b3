import type { ComparedSamples, Comparisons } from '../../domain/calibration.js'

/**
 * The weight of each sample: 1 / samples of its person. Then every pair of people weighs the same however many photographs of
 * them there are, as in a gallery that holds everybody once.
 */
export function sampleWeights({ persons, personCount }: ComparedSamples): Float64Array {
  const counts = new Uint32Array(personCount)
  for (const person of persons) counts[person]!++
  return Float64Array.from(persons, (person) => 1 / counts[person]!)
}

/** Of each comparison, the product of its samples' weights. */
export function comparisonWeights({ first, second }: Comparisons, samples: Float64Array): Float64Array {
  return Float64Array.from(first, (i, at) => samples[i]! * samples[second[at]!]!)
}
