import type { RecallAudit, SearchMode } from './search.js'
import type { FaceReport, TimingsMs } from './analysis.js'
import type { DetectedFace } from './face.js'
import type { FingerPosition } from './finger.js'
import type { ImageInfo } from './image.js'
import type { ScoreThreshold } from './threshold.js'

/**
 * What 1:N found. The system refers, a person decides.
 * - `no-candidate`: all named references were compared, none reached the threshold;
 * - `refer-for-review`: at least one did; an examiner compares;
 * - `inconclusive`: no usable face in the probe; `reasons` say why. Nobody was searched: never read it as "nobody".
 */
export type IdentificationOutcome = 'no-candidate' | 'refer-for-review' | 'inconclusive'

/** A part of the probe that is compared by itself: its face, or the impressions of one finger position. */
export type ProbePart = 'face' | FingerPosition

/** What one part of the probe says of a subject. */
export interface PartScore {
  readonly part: ProbePart
  /** The best over the subject's references: a cosine for a face, −log10 of the false match rate for a finger. */
  readonly score: number
  /** −log10 of the false match rate at this score: what is fused. */
  readonly negLog10Fmr: number
  /** log10 of the likelihood ratio mated : non-mated at this score; null where the part has no calibration. */
  readonly llr: number | null
  readonly bestEncounterId: string
}

/** A finger of a sample, as it was read or extracted. */
export interface FingerReport {
  readonly position: FingerPosition
  /** 0 to 100; null when nobody reported one. */
  readonly quality: number | null
  readonly minutiaeCount: number
  readonly format: string
  /** '' of a template. */
  readonly extractor: string
}

/** A subject put forward for review. */
export interface Candidate {
  readonly subjectId: string
  readonly externalId: string
  readonly displayName: string
  /** 1 for the most similar; ties keep the order of enrolment. */
  readonly rank: number
  /** On the threshold's scale: the best cosine over the subject's faces, or the fused score of the parts. */
  readonly score: number
  /** How often one comparison of different people reaches this score; null without a calibration. */
  readonly fmrAtScore: number | null
  /** log10 of the likelihood ratio mated : non-mated, summed over the parts; null unless each of them has a calibration. */
  readonly llr: number | null
  /** The encounter that gave the score; of a fused one, that of the best part. */
  readonly bestEncounterId: string
  /** Those of the searched galleries that the subject is in. */
  readonly galleryIds: readonly string[]
  /** Which of the probe's faces this candidate belongs to (position in `faces`); 0 when no face took part. */
  readonly faceIndex: number
  /** Of the parts that could be compared; one that the subject has no reference for is missing. */
  readonly scores: readonly PartScore[]
}

/** How one part of the probe was searched. */
export interface PartEvidence {
  readonly part: ProbePart
  /** The template space. */
  readonly algorithm: string
  /** Null when the part was not usable. */
  readonly searchMode: SearchMode | 'exhaustive' | 'shortlist' | null
  readonly referencesCoveredCount: number
  readonly comparedCount: number
  /** Why it was not usable, or what was wrong with it. */
  readonly reasons: readonly string[]
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
  /** Of each part, when fingers are among them; the figures above are then those of the face. */
  readonly parts: readonly PartEvidence[]
}

export interface IdentificationResult {
  /** Made by the service; the number that the officer and the examiner quote. */
  readonly searchId: string
  readonly outcome: IdentificationOutcome
  readonly reasons: readonly string[]
  readonly candidates: readonly Candidate[]
  /** Null when the probe has no face image. */
  readonly image: ImageInfo | null
  readonly faces: readonly FaceReport[]
  /** The fingers that were used. */
  readonly fingers: readonly FingerReport[]
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
  /** On the threshold's scale; null when undetermined. */
  readonly score: number | null
  readonly threshold: ScoreThreshold
  readonly probeFace: DetectedFace | null
  readonly referenceFace: DetectedFace | null
  /** Set when the reference was an enrolled subject. */
  readonly bestEncounterId: string | null
  readonly algorithm: string
  readonly timingsMs: TimingsMs
  /** When fingers take part: of each part that both sides have. */
  readonly scores: readonly PartScore[]
}
