import type { GallerySummary, MultiFacePolicy, ProbeRetention } from '../../domain/gallery.js'
import type { StoredFinger, StoredReference } from '../../domain/ports.js'
import type {
  Encounter,
  EncounterStatus,
  Modality,
  NewSample,
  SampleSummary,
  Subject,
  SubjectDetails,
} from '../../domain/subject.js'
import { featuresFromBlob } from './features-blob.js'

/** Rows as SQLite gives them, and what they mean. */

export interface GalleryRow {
  readonly row: number
  readonly id: string
  readonly owner: string
  readonly purpose: string
  readonly minimum_quality: number
  readonly multi_face: MultiFacePolicy
  readonly candidate_count_max: number
  readonly retention_days: number | null
  readonly probe_retention: ProbeRetention
  readonly created_at: number
  readonly updated_at: number
  readonly subject_count: number
  readonly reference_count: number
}

export function galleryFromRow(row: GalleryRow): GallerySummary {
  return {
    id: row.id,
    owner: row.owner,
    purpose: row.purpose,
    policy: {
      minimumQuality: row.minimum_quality,
      multiFace: row.multi_face,
      candidateCountMax: row.candidate_count_max,
      retentionDays: row.retention_days,
      probeRetention: row.probe_retention,
    },
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    subjectCount: row.subject_count,
    referenceCount: row.reference_count,
  }
}

export interface DetailsRow {
  readonly id: string
  readonly external_id: string
  readonly display_name: string
  readonly attributes: string
}

export function detailsFromRow(row: DetailsRow): SubjectDetails {
  return {
    externalId: row.external_id,
    displayName: row.display_name,
    attributes: JSON.parse(row.attributes) as Readonly<Record<string, string>>,
  }
}

export interface SubjectRow extends DetailsRow {
  readonly row: number
  readonly created_at: number
  readonly updated_at: number
}

export function subjectFromRow(
  row: SubjectRow,
  galleryIds: readonly string[],
  encounters: readonly Encounter[],
): Subject {
  return {
    id: row.id,
    ...detailsFromRow(row),
    galleryIds,
    encounters,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  }
}

export interface EncounterRow {
  readonly row: number
  readonly id: string
  readonly status: EncounterStatus
  readonly source: string
  readonly captured_at: number | null
  readonly created_at: number
}

export function encounterFromRow(row: EncounterRow, samples: readonly SampleSummary[]): Encounter {
  return {
    id: row.id,
    status: row.status,
    source: row.source,
    capturedAtMs: row.captured_at,
    createdAtMs: row.created_at,
    samples,
  }
}

export interface SampleRow {
  readonly encounter_row: number
  readonly algorithm: string
  readonly details: string
}

/** Everything of a sample that has no column of its own. */
export function sampleDetails(sample: NewSample): string {
  return JSON.stringify({ ...sample, algorithm: undefined, bytes: undefined, template: undefined, record: undefined })
}

export function sampleFromRow({ details, algorithm }: SampleRow): SampleSummary {
  return { ...(JSON.parse(details) as Omit<SampleSummary, 'algorithm'>), algorithm } as SampleSummary
}

export interface ReferenceRow {
  readonly row: number
  readonly subject_id: string
  readonly encounter_id: string
  readonly algorithm: string
  readonly modality: Modality
  readonly features: Buffer
}

export type AnyReference = (StoredReference | StoredFinger) & { readonly algorithm: string }

export function anyReferenceFromRow(row: ReferenceRow): AnyReference {
  return row.modality === 'face' ? referenceFromRow(row) : fingerFromRow(row)
}

export function referenceFromRow(row: ReferenceRow): StoredReference & { readonly algorithm: string } {
  return { ...ownerOf(row), features: featuresFromBlob(row.features) }
}

export function fingerFromRow(row: ReferenceRow): StoredFinger & { readonly algorithm: string } {
  return { ...ownerOf(row), record: new Uint8Array(row.features) }
}

function ownerOf({ row, subject_id, encounter_id, algorithm }: ReferenceRow) {
  return { referenceId: row, subjectId: subject_id, encounterId: encounter_id, algorithm }
}
