import { QUALITY_ATTENTION, type QualityComponent, type QualityMeasure } from '../../../domain/quality.js'
import { mapQuality, type Mapping } from './mapping.js'

/** How one measure is judged. The sentences are for the operator at the camera. */
export interface Rule {
  readonly measure: QualityMeasure
  readonly unit: string
  readonly mapping: Mapping
  /** Digits after the point in the sentence. */
  readonly digits: number
  readonly good: string
  /** What is wrong and what to do; `native` tells too low from too high. */
  readonly advice: (native: number) => string
}

/** Judges one raw value by its rule. */
export function judge(rule: Rule, native: number): QualityComponent {
  const quality = Math.round(mapQuality(native, rule.mapping))
  const value = `${native.toFixed(rule.digits)} ${rule.unit}`
  const sentence = quality < QUALITY_ATTENTION ? `${rule.advice(native)} (${value})` : `${rule.good} (${value})`
  return { measure: rule.measure, nativeQuality: native, unit: rule.unit, quality, sentence }
}
