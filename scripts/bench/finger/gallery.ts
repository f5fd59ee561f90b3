import type { IndexedFinger } from '../../../src/domain/finger-search.js'
import type { NormalisedMinutiae } from '../../../src/domain/finger.js'
import { randomFinger } from '../../finger/finger.js'
import { randomImpression } from '../../finger/impression.js'
import { randomFrom } from '../../samples/random.js'

export interface Gallery {
  /** Ids 1, 2, …; one impression of each finger, all of one position. */
  readonly references: readonly IndexedFinger[]
  /** Another impression of each of the first fingers: mates[n] belongs to reference n + 1. */
  readonly mates: readonly NormalisedMinutiae[]
}

export const POSITION = 'right-index'

/** Synthetic fingers that neither the matcher was trained on nor the shortlist's constants were chosen by: the seed is another one. */
export function syntheticGallery(count: number, mateCount: number): Gallery {
  const mates: NormalisedMinutiae[] = []
  const references = Array.from({ length: count }, (_, n): IndexedFinger => {
    const random = randomFrom(`held out/${n}`)
    const finger = randomFinger(random)
    const { minutiae } = randomImpression(finger, random)
    if (n < mateCount) mates.push(randomImpression(finger, random).minutiae)
    return { referenceId: n + 1, position: POSITION, tag: 0, minutiae }
  })
  return { references, mates }
}
