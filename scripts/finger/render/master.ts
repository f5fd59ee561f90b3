import { randomFrom } from '../../samples/random.js'
import { growRidges, type Relief } from './grow.js'
import { CONDITIONS, takeImpression, type ConditionName, type Impression } from './impression.js'
import { drawPattern, type PatternClass } from './pattern.js'

/** A finger of nobody: the same seed and number give the same one. */
export interface Master {
  readonly key: string
  readonly patternClass: PatternClass
  readonly relief: Relief
}

export function makeMaster(seed: string, number: number): Master {
  const key = `${seed}/finger-${number}`
  const random = randomFrom(key)
  const pattern = drawPattern(random)
  return { key, patternClass: pattern.patternClass, relief: growRidges(pattern, random) }
}

/** One of a master's impressions: differently put down for each number, the same for the same. */
export function impressionOf({ key, relief }: Master, number: number, conditions: ConditionName): Impression {
  return takeImpression(relief, CONDITIONS[conditions], randomFrom(`${key}/${conditions}-${number}`))
}
