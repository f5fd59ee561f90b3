import type { RefusalCode } from './errors.js'
import type { DetectedFace } from './face.js'
import type { MultiFacePolicy } from './gallery.js'
import type { ImageInfo } from './image.js'
import type { QualityReport } from './quality.js'
import type { FaceTemplate } from './template.js'

/** The stages of a probe's way, in order. `search` belongs to identification alone. */
export const STAGES = ['decode', 'detect', 'align', 'assess', 'extract', 'search'] as const
export type Stage = (typeof STAGES)[number]

/** Wall-clock milliseconds spent in each stage that was reached. */
export type TimingsMs = Readonly<Partial<Record<Stage, number>>>

/** What is asked of one image. */
export interface AnalysisRequest {
  /** JPEG, PNG, WebP or TIFF. */
  readonly image: Uint8Array
  /** Which faces are used when there are several. */
  readonly multiFace: MultiFacePolicy
  /** 0 to 100; a used face below it is refused. */
  readonly minimumQuality: number
  /**
   * - `template`: quality and template of the used faces (enrolment, identification);
   * - `quality`: quality of every face, nothing is refused and no template is made (assessment).
   */
  readonly purpose: 'template' | 'quality'
}

/** A face with its quality; `quality` is null for faces that were seen and not used. */
export interface FaceReport {
  readonly face: DetectedFace
  readonly quality: QualityReport | null
}

/** A face that was used, with its template. */
export interface ExtractedFace {
  /** Position in `faces`. */
  readonly faceIndex: number
  readonly quality: QualityReport
  readonly template: FaceTemplate
}

/** Why no template was made: the input was understood and is not good enough. */
export interface Refusal {
  readonly code: RefusalCode
  /** Sentences for the operator, the worst first. */
  readonly reasons: readonly string[]
}

interface AnalysisCommon {
  readonly image: ImageInfo
  /** Every face found, the most prominent first. */
  readonly faces: readonly FaceReport[]
  readonly timingsMs: TimingsMs
}

/** What the face pipeline found in one image. */
export type FaceAnalysis =
  | (AnalysisCommon & { readonly outcome: 'assessed' })
  | (AnalysisCommon & { readonly outcome: 'extracted'; readonly extracted: readonly ExtractedFace[] })
  | (AnalysisCommon & { readonly outcome: 'refused'; readonly refusal: Refusal })
