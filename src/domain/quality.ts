/** What is measured on a face. The order is the order of reports. */
export const QUALITY_MEASURES = [
  'recognisability',
  'face-size',
  'inter-eye-distance',
  'sharpness',
  'exposure',
  'contrast',
  'yaw',
  'pitch',
  'roll',
  'cut-off',
  'several-faces',
] as const
export type QualityMeasure = (typeof QUALITY_MEASURES)[number]

/** One measured reason: the raw value is kept beside the mapped one (ISO/IEC 29794-1). */
export interface QualityComponent {
  readonly measure: QualityMeasure
  /** The raw value, in `unit`. */
  readonly nativeQuality: number
  /** "px", "deg", "grey levels", "ratio", "count" or "model output". */
  readonly unit: string
  /** 0 (useless) to 100 (ideal). */
  readonly quality: number
  /** One sentence for the operator: what is wrong and what to do, or that it is fine. */
  readonly sentence: string
}

/** Quality of one face in one sample. */
export interface QualityReport {
  /** 0 to 100; see `engines/face/assess.ts` for how the components make it. */
  readonly quality: number
  /** Names what made the figure: "<model id>@<sha256 prefix>" or "measured" where no quality model is installed. */
  readonly algorithm: string
  readonly components: readonly QualityComponent[]
}

/** A component below this needs an operator's attention; the sentence then says what to do. */
export const QUALITY_ATTENTION = 40

/** The sentences of the components that need attention, the worst first. */
export function qualityReasons(report: QualityReport): readonly string[] {
  return report.components
    .filter((component) => component.quality < QUALITY_ATTENTION)
    .toSorted((a, b) => a.quality - b.quality)
    .map((component) => component.sentence)
}
