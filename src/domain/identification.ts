import type { RecallAudit, SearchMode } from './search.js'
import type { FaceReport, TimingsMs } from './analysis.js'
import type { DetectedFace } from './face.js'
import type { ImageInfo } from './image.js'

/**
 * What 1:N found. The system refers, a person decides.
 * - `no-candidate`: all named references were compared, none reached the threshold;
 * - `refer-for-review`: at least one did; an examiner compares;
 * - `inconclusive`: no usable face in the probe; `reasons` say why. Nobody was searched: never read it as "nobody".
 */
export type IdentificationOutcome = 'no-candidate' | 'refer-for-review' | 'inconclusive'

/** A subject put forward for review. */
export interface Candidate {
  readonly subjectId: string
  readonly externalId: string
  readonly displayName: string
  /** 1 for the most similar; ties keep the order of enrolment. */
  readonly rank: number
  /** The best comparison score over the subject's references: cosine, −1 to 1, greater is more alike. */
  readonly score: number
  /** The encounter that gave the score. */
  readonly bestEncounterId: string
  /** Those of the searched galleries that the subject is in. */
  readonly galleryIds: readonly string[]
  /** Which of the probe's faces this candidate belongs to (position in `faces`). */
  readonly faceIndex: number
}

/** How the answer was reached: what an examiner, an auditor or a court may ask. */
export interface SearchEvidence {
  /** The space that was searched and the ids ("<id>@<sha256 prefix>") of all models that had a part. */
  readonly algorithm: string
  readonly modelIds: readonly string[]
  readonly galleries: readonly { readonly galleryId: string; readonly referenceCount: number }[]
  readonly searchMode: SearchMode
  /** References that the answer covers (a graph search covers them without visiting each one). */
  readonly referencesCoveredCount: number
  /** Comparison scores that were really computed on the stored float32 features. */
  readonly comparedCount: number
  /** References of the named galleries that live in another space and were NOT searched. */
  readonly referencesNotSearchedCount: number
  /** Age of the oldest change that the searched index does not hold yet; 0 when it holds every acknowledged one. */
  readonly indexAgeMs: number
  /** Neighbours that the exact scan had to add to the graph's (mode `verified`). */
  readonly missedByGraphCount: number
  /** How far a scanned score can be from the true one: the scan's proof rests on it. Null where no scan took part. */
  readonly scoreBound: number | null
  /** How the graph has done since the service started. */
  readonly audit: RecallAudit
  /** Age of the graph's snapshot on the disk; null when there is none. */
  readonly snapshotAgeMs: number | null
}

export interface ScoreThreshold {
  /** Least comparison score of a candidate. */
  readonly score: number
  /** `request` when the caller set it, `manifest` when it is the space's measured default. */
  readonly source: 'request' | 'manifest'
  /** False match rate per comparison measured at this score, and on what; null when the caller set the score. */
  readonly fmr: number | null
  readonly measuredOn: string
}

export interface IdentificationResult {
  /** Made by the service; the number that the officer and the examiner quote. */
  readonly searchId: string
  readonly outcome: IdentificationOutcome
  readonly reasons: readonly string[]
  readonly candidates: readonly Candidate[]
  readonly image: ImageInfo
  readonly faces: readonly FaceReport[]
  readonly threshold: ScoreThreshold
  readonly evidence: SearchEvidence
  readonly timingsMs: TimingsMs
  /** Whether the probe was kept (request and policy both said so). */
  readonly probeRetained: boolean
}

/** 1:1 is the system's own decision; `undetermined` when a side yields no usable face. */
export type VerificationDecision = 'match' | 'non-match' | 'undetermined'

export interface VerificationResult {
  readonly decision: VerificationDecision
  readonly reasons: readonly string[]
  /** Cosine, −1 to 1; null when undetermined. */
  readonly score: number | null
  readonly threshold: ScoreThreshold
  readonly probeFace: DetectedFace | null
  readonly referenceFace: DetectedFace | null
  /** Set when the reference was an enrolled subject. */
  readonly bestEncounterId: string | null
  readonly algorithm: string
  readonly timingsMs: TimingsMs
}
