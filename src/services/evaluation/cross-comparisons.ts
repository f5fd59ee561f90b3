import { dot } from '../../domain/template.js'
import type { PersonWeights } from './bootstrap.js'
import type { NonMatedComparisons } from './reliability.js'

/** An image with a template, and whose it is. */
export interface PersonImage {
  readonly person: number
  readonly features: Float32Array
}

/** All comparisons of images of different people. */
export interface CrossComparisons {
  /** Greatest first. */
  readonly scores: Float64Array
  /** The same, by person, from a score on. */
  readonly from: (least: number) => NonMatedComparisons
}

/** Compares every two images of different people once. */
export function crossComparisons(images: readonly PersonImage[]): CrossComparisons {
  const scores = new Float64Array((images.length * (images.length - 1)) / 2)
  let count = 0
  forEachPair(images, (score) => (scores[count++] = score))
  return {
    scores: scores.subarray(0, count).sort().reverse(),
    from(least) {
      const reached: { score: number; probePerson: number; referencePerson: number }[] = []
      forEachPair(images, (score, probePerson, referencePerson) => {
        if (score >= least) reached.push({ score, probePerson, referencePerson })
      })
      return { count, reached: reached.sort((a, b) => b.score - a.score), total: totalOver(images) }
    },
  }
}

function forEachPair(
  images: readonly PersonImage[],
  take: (score: number, probePerson: number, referencePerson: number) => void,
): void {
  images.forEach((a, i) => {
    for (let j = i + 1; j < images.length; j++) {
      const b = images[j]!
      if (a.person !== b.person) take(dot(a.features, b.features), a.person, b.person)
    }
  })
}

/** Σ over pairs of people of wᵢ·wⱼ times their numbers of images. */
function totalOver(images: readonly PersonImage[]): (weights: PersonWeights) => number {
  const counts = new Map<number, number>()
  for (const { person } of images) counts.set(person, (counts.get(person) ?? 0) + 1)
  return (weights) => {
    let [sum, squares] = [0, 0]
    for (const [person, count] of counts) {
      sum += weights[person]! * count
      squares += (weights[person]! * count) ** 2
    }
    return (sum ** 2 - squares) / 2
  }
}
