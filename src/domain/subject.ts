import { invalid } from './errors.js'
import { checkId, checkText } from './ids.js'
import { LIMITS } from './limits.js'
import type { ImageFormat } from './image.js'
import type { DetectedFace } from './face.js'
import type { FingerPosition } from './finger.js'
import type { QualityReport } from './quality.js'
import type { FaceTemplate } from './template.js'

/** What a caller says of a subject. The service reads none of it: it is for the people who review. */
export interface SubjectDetails {
  /** The subject's number on the authority's own list ("QDi.001"); '' when there is none. */
  readonly externalId: string
  /** How the examiner sees the subject named; '' when nothing is to be shown. */
  readonly displayName: string
  /** Up to 32 short key-value pairs. */
  readonly attributes: Readonly<Record<string, string>>
}

/** A subject of interest: one person, as far as is known, with the visits that yielded samples. */
export interface Subject extends SubjectDetails {
  readonly id: string
  /** Ids of the galleries that the subject is in, in alphabetical order. */
  readonly galleryIds: readonly string[]
  /** Oldest first. */
  readonly encounters: readonly Encounter[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type EncounterStatus = 'active' | 'inactive'

/** One visit or one source that yielded samples of a subject. Inactive encounters are kept and never searched. */
export interface Encounter {
  readonly id: string
  readonly status: EncounterStatus
  /** Where the samples come from ("passport 2019", "partner list"); '' when not said. */
  readonly source: string
  /** When the samples were captured, if known. */
  readonly capturedAtMs: number | null
  readonly createdAtMs: number
  readonly samples: readonly SampleSummary[]
}

/** A stored sample, without its bytes, by how its template came about. */
export type SampleSummary = FaceImageSample | ImportedTemplate | FingerSample

/** A face image, analysed by this service. */
export interface FaceImageSample {
  readonly kind: 'face-image'
  readonly modality: 'face'
  readonly format: ImageFormat
  readonly widthPx: number
  readonly heightPx: number
  readonly face: DetectedFace
  readonly quality: QualityReport
  /** The space of its template. */
  readonly algorithm: string
}

/** A template that was extracted elsewhere and handed over without its sample: nothing is known of the quality. */
export interface ImportedTemplate {
  readonly kind: 'imported-template'
  readonly modality: 'face'
  /** The space of the template. */
  readonly algorithm: string
}

/** One impression of one finger. */
export interface FingerSample {
  readonly kind: 'finger-record' | 'finger-image'
  readonly modality: 'finger'
  /** Of the bytes that were handed over: a `FingerFormat` or a `FingerImageFormat`. */
  readonly format: string
  readonly position: FingerPosition
  readonly impression: number
  /** 0 to 100; null when nobody reported one. */
  readonly quality: number | null
  readonly minutiaeCount: number
  /** "<extractor id>@<version>" of an image; '' of a record. */
  readonly extractor: string
  /** The space of its template. */
  readonly algorithm: string
}

export type Modality = SampleSummary['modality']

/** A sample on its way into the store: its bytes are kept so that features can be derived again by a later model. */
export type NewSample =
  | ((FaceImageSample | ImportedTemplate) & {
      /** Empty where only the template was handed over. */
      readonly bytes: Uint8Array
      readonly template: FaceTemplate
    })
  | (FingerSample & {
      /** As handed over; of several impressions in one record or image each one keeps them. */
      readonly bytes: Uint8Array
      /** ISO/IEC 19794-2:2005, this impression alone. */
      readonly record: Uint8Array
    })

export interface NewEncounter extends Omit<Encounter, 'samples'> {
  readonly samples: readonly NewSample[]
}

/** @throws DomainError INVALID_ARGUMENT naming the first field that is wrong */
export function checkSubjectDetails(details: SubjectDetails): SubjectDetails {
  checkText('external_id', details.externalId)
  checkText('display_name', details.displayName)
  const attributes = Object.entries(details.attributes)
  if (attributes.length > LIMITS.attributesMax)
    throw invalid('attributes', `at most ${LIMITS.attributesMax} attributes`, String(attributes.length))
  for (const [key, value] of attributes) {
    checkId('attributes', key)
    checkText('attributes', value)
  }
  return details
}

/** Checks, deduplicates and sorts gallery ids. */
export function checkGalleryIds(field: string, ids: readonly string[], countMax: number): readonly string[] {
  if (ids.length > countMax) throw invalid(field, `at most ${countMax} galleries`, String(ids.length))
  return [...new Set(ids.map((id) => checkId(field, id)))].sort()
}
