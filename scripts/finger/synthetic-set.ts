import { prepareFinger, type FingerFeatures } from '../../src/engines/finger/features.js'
import type { FingerModel } from '../../src/engines/finger/model.js'
import { randomFrom } from '../samples/random.js'
import { randomFinger } from './finger.js'
import { randomImpression } from './impression.js'

/** A prepared synthetic impression and whose it is. */
export interface Print {
  readonly finger: number
  readonly features: FingerFeatures
}

/** @param seed other seeds are other fingers; each finger has its own, so that a longer set begins with the shorter one */
export function syntheticPrints(
  seed: string,
  fingerCount: number,
  impressionCount: number,
  model: FingerModel,
): readonly Print[] {
  return Array.from({ length: fingerCount }, (_, finger) => {
    const random = randomFrom(`${seed}/${finger}`)
    const skin = randomFinger(random)
    return Array.from({ length: impressionCount }, () => {
      const { minutiae } = randomImpression(skin, random)
      return { finger, features: prepareFinger(minutiae, model) }
    })
  }).flat()
}

/** Every two prints of one finger. */
export function* matedPairs(prints: readonly Print[]): Generator<readonly [Print, Print]> {
  for (const [i, probe] of prints.entries())
    for (const reference of prints.slice(i + 1)) if (reference.finger === probe.finger) yield [probe, reference]
}

/** Every `every`-th two prints of different fingers. */
export function* nonMatedPairs(prints: readonly Print[], every: number): Generator<readonly [Print, Print]> {
  let count = 0
  for (const [i, probe] of prints.entries())
    for (const reference of prints.slice(i + 1))
      if (reference.finger !== probe.finger && count++ % every === 0) yield [probe, reference]
}
