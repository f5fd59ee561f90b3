import type { FingerInput } from '../domain/finger-analysis.js'
import type { MultiFacePolicy } from '../domain/gallery.js'
import type { SearchModeWish } from '../domain/search.js'
import type { SubjectDetails, EncounterStatus } from '../domain/subject.js'
import type { ThresholdWish } from '../domain/threshold.js'

/**
 * What callers ask of the services, already decoded and of the right types; the services check the values.
 * `requestId` ('' for none) makes a mutation idempotent; `fingerprint` is the sha256 of the request's content, hex.
 */
export interface MutationCommand {
  readonly requestId: string
  readonly fingerprint: string
}

export interface EncounterInput {
  /** '' lets the service choose. */
  readonly encounterId: string
  readonly source: string
  readonly capturedAtMs: number | null
  /** Encoded face images; at least one sample, face or finger. */
  readonly images: readonly Uint8Array[]
  readonly fingers: readonly FingerInput[]
}

export interface CreateSubjectCommand extends MutationCommand {
  /** '' lets the service choose. */
  readonly subjectId: string
  readonly details: SubjectDetails
  readonly galleryIds: readonly string[]
  /** A first encounter, created with the subject or not at all. */
  readonly encounter: EncounterInput | null
}

export interface AddEncounterCommand extends MutationCommand {
  readonly subjectId: string
  readonly encounter: EncounterInput
}

export interface SetGalleriesCommand extends MutationCommand {
  readonly subjectId: string
  readonly galleryIds: readonly string[]
}

export interface UpdateEncounterStatusCommand extends MutationCommand {
  readonly subjectId: string
  readonly encounterId: string
  readonly status: EncounterStatus
}

export interface MergeSubjectsCommand extends MutationCommand {
  /** Stays, with its details. */
  readonly intoSubjectId: string
  /** Ceases to exist; its encounters and memberships move. */
  readonly fromSubjectId: string
}

export interface DeleteSubjectCommand extends MutationCommand {
  readonly subjectId: string
}

export interface IdentifyCommand {
  /** Null when the probe is fingers alone. */
  readonly image: Uint8Array | null
  readonly fingers: readonly FingerInput[]
  readonly galleryIds: readonly string[]
  readonly threshold: ThresholdWish
  /** 0 for the policy's maximum; never above it. */
  readonly candidateCountMax: number
  /** Null for the galleries' policy; may only make it stricter. */
  readonly multiFace: MultiFacePolicy | null
  readonly retainProbe: boolean
  /** `auto` lets the service choose. */
  readonly searchMode: SearchModeWish
}

/** Samples of one side of a 1:1 comparison. */
export interface VerifySamples {
  readonly image: Uint8Array | null
  readonly fingers: readonly FingerInput[]
}

export type VerifyReference = VerifySamples | { readonly subjectId: string }

export interface VerifyCommand {
  readonly probe: VerifySamples
  readonly reference: VerifyReference
  /** Null for the measured default. */
  readonly thresholdScore: number | null
}
