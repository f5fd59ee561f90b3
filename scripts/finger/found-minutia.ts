import type { Random } from '../samples/random.js'
import type { Place } from './orientation-field.js'

/** What an extractor takes for a minutia, on the skin's plane: before the finger is turned and shifted. */
export interface FoundMinutia extends Place {
  readonly angleRad: number
  readonly type: number
  /** 1 to 100. */
  readonly quality: number
  /** Which of the skin's minutiae it is; −1 for none. */
  readonly skinIndex: number
}

/** 1 to 100 around a middle of 0 to 1: extractors are not good at knowing how sure they are. */
export function randomQuality(middle: number, random: Random): number {
  return Math.max(1, Math.min(100, Math.round(100 * (middle + 0.15 * random.normal()))))
}
