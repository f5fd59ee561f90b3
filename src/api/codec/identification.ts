import { invalid } from '../../domain/errors.js'
import type {
  Candidate,
  IdentificationOutcome,
  IdentificationResult,
  PartEvidence,
  PartScore,
  SearchEvidence,
  VerificationDecision,
  VerificationResult,
} from '../../domain/identification.js'
import type { SearchModeWish } from '../../domain/search.js'
import type { Candidate as CandidateProto } from '../../generated/portcullis/v1/Candidate.js'
import type { FaceImage__Output } from '../../generated/portcullis/v1/FaceImage.js'
import type { FingerSample__Output } from '../../generated/portcullis/v1/FingerSample.js'
import type { IdentificationOutcome__Output } from '../../generated/portcullis/v1/IdentificationOutcome.js'
import type { IdentifyRequest__Output } from '../../generated/portcullis/v1/IdentifyRequest.js'
import type { IdentifyResponse } from '../../generated/portcullis/v1/IdentifyResponse.js'
import type { PartEvidence as PartEvidenceProto } from '../../generated/portcullis/v1/PartEvidence.js'
import type { PartScore as PartScoreProto } from '../../generated/portcullis/v1/PartScore.js'
import type { SearchEvidence as SearchEvidenceProto } from '../../generated/portcullis/v1/SearchEvidence.js'
import type { SearchMode__Output } from '../../generated/portcullis/v1/SearchMode.js'
import type { VerificationDecision__Output } from '../../generated/portcullis/v1/VerificationDecision.js'
import type { VerifyRequest__Output } from '../../generated/portcullis/v1/VerifyRequest.js'
import type { VerifyResponse } from '../../generated/portcullis/v1/VerifyResponse.js'
import type { IdentifyCommand, VerifyCommand, VerifyReference, VerifySamples } from '../../services/commands.js'
import { enumFromProto, imageFromProto, MULTI_FACE_FROM_PROTO, thresholdFromProto } from './fields.js'
import { fingerReportToProto, fingersFromProto } from './fingers.js'
import { thresholdWishFromProto } from './threshold-wish.js'
import { faceReportToProto, faceToProto, imageInfoToProto, thresholdToProto, timingsToProto } from './reports.js'

// IdentificationService. Every `…FromProto` throws DomainError INVALID_ARGUMENT naming the field that is wrong.

export function identifyFromProto(request: IdentifyRequest__Output): IdentifyCommand {
  return {
    ...samplesFromProto('probe', request.probe, 'fingers', request.fingers),
    galleryIds: request.galleryIds,
    threshold: thresholdWishFromProto(request),
    candidateCountMax: request.candidateCountMax,
    multiFace: enumFromProto('multi_face', request.multiFace, MULTI_FACE_FROM_PROTO),
    retainProbe: request.retainProbe,
    searchMode: enumFromProto('search_mode', request.searchMode, SEARCH_MODE_FROM_PROTO),
  }
}

export function identificationToProto(result: IdentificationResult): IdentifyResponse {
  return {
    searchId: result.searchId,
    outcome: OUTCOME_TO_PROTO[result.outcome],
    reasons: [...result.reasons],
    candidates: result.candidates.map(candidateToProto),
    image: result.image === null ? null : imageInfoToProto(result.image),
    faces: result.faces.map(faceReportToProto),
    fingers: result.fingers.map(fingerReportToProto),
    threshold: thresholdToProto(result.threshold),
    evidence: evidenceToProto(result.evidence),
    timings: timingsToProto(result.timingsMs),
    probeRetained: result.probeRetained,
  }
}

export function verifyFromProto(request: VerifyRequest__Output): VerifyCommand {
  return {
    probe: samplesFromProto('probe', request.probe, 'fingers', request.fingers),
    reference: referenceFromProto(request),
    thresholdScore: thresholdFromProto(request.thresholdScore),
  }
}

export function verificationToProto(result: VerificationResult): VerifyResponse {
  return {
    decision: DECISION_TO_PROTO[result.decision],
    reasons: [...result.reasons],
    ...(result.score === null ? {} : { score: result.score }),
    threshold: thresholdToProto(result.threshold),
    probeFace: result.probeFace === null ? null : faceToProto(result.probeFace),
    referenceFace: result.referenceFace === null ? null : faceToProto(result.referenceFace),
    bestEncounterId: result.bestEncounterId ?? '',
    algorithm: result.algorithm,
    timings: timingsToProto(result.timingsMs),
    scores: result.scores.map(partScoreToProto),
  }
}

const OUTCOME_TO_PROTO: Readonly<Record<IdentificationOutcome, IdentificationOutcome__Output>> = {
  'no-candidate': 'NO_CANDIDATE',
  'refer-for-review': 'REFER_FOR_REVIEW',
  inconclusive: 'INCONCLUSIVE',
}

const SEARCH_MODE_FROM_PROTO: Readonly<Record<SearchMode__Output, SearchModeWish>> = {
  SEARCH_MODE_UNSPECIFIED: 'auto',
  SEARCH_MODE_AUTO: 'auto',
  SEARCH_MODE_EXACT: 'exact',
  SEARCH_MODE_VERIFIED: 'verified',
  SEARCH_MODE_HNSW: 'hnsw',
}

const DECISION_TO_PROTO: Readonly<Record<VerificationDecision, VerificationDecision__Output>> = {
  match: 'MATCH',
  'non-match': 'NON_MATCH',
  undetermined: 'UNDETERMINED',
}

function samplesFromProto(
  faceField: string,
  face: FaceImage__Output | null | undefined,
  fingersField: string,
  fingers: readonly FingerSample__Output[],
): VerifySamples {
  const isFingersAlone = fingers.length > 0 && (face ?? null) === null
  return {
    image: isFingersAlone ? null : imageFromProto(faceField, face),
    fingers: fingersFromProto(fingersField, fingers),
  }
}

function referenceFromProto(request: VerifyRequest__Output): VerifyReference {
  const { reference, referenceSubjectId, referenceImage, referenceFingers } = request
  if (reference === 'referenceSubjectId' && referenceSubjectId) {
    if (referenceFingers.length === 0) return { subjectId: referenceSubjectId }
    throw invalid('reference_fingers', 'no samples beside reference_subject_id', 'some')
  }
  if (reference === 'referenceImage' || referenceFingers.length > 0)
    return samplesFromProto('reference_image', referenceImage, 'reference_fingers', referenceFingers)
  throw invalid('reference', 'reference_image, reference_subject_id or reference_fingers', 'none of them')
}

function candidateToProto(candidate: Candidate): CandidateProto {
  const { fmrAtScore, llr, ...rest } = candidate
  return {
    ...rest,
    galleryIds: [...candidate.galleryIds],
    scores: candidate.scores.map(partScoreToProto),
    ...(fmrAtScore === null ? {} : { fmrAtScore }),
    ...(llr === null ? {} : { llr }),
  }
}

function partScoreToProto({ llr, ...score }: PartScore): PartScoreProto {
  return llr === null ? score : { ...score, llr }
}

function evidenceToProto({ scoreBound, snapshotAgeMs, ...evidence }: SearchEvidence): SearchEvidenceProto {
  return {
    ...evidence,
    modelIds: [...evidence.modelIds],
    galleries: [...evidence.galleries],
    parts: evidence.parts.map(partToProto),
    ...(scoreBound === null ? {} : { scoreBound }),
    ...(snapshotAgeMs === null ? {} : { snapshotAgeMs }),
  }
}

function partToProto({ searchMode, reasons, ...part }: PartEvidence): PartEvidenceProto {
  return { ...part, searchMode: searchMode ?? '', reasons: [...reasons] }
}
