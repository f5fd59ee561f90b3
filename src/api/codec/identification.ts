import { invalid } from '../../domain/errors.js'
import type {
  Candidate,
  IdentificationOutcome,
  IdentificationResult,
  SearchEvidence,
  VerificationDecision,
  VerificationResult,
} from '../../domain/identification.js'
import type { SearchModeWish } from '../../domain/search.js'
import type { Candidate as CandidateProto } from '../../generated/portcullis/v1/Candidate.js'
import type { IdentificationOutcome__Output } from '../../generated/portcullis/v1/IdentificationOutcome.js'
import type { IdentifyRequest__Output } from '../../generated/portcullis/v1/IdentifyRequest.js'
import type { IdentifyResponse } from '../../generated/portcullis/v1/IdentifyResponse.js'
import type { SearchEvidence as SearchEvidenceProto } from '../../generated/portcullis/v1/SearchEvidence.js'
import type { SearchMode__Output } from '../../generated/portcullis/v1/SearchMode.js'
import type { VerificationDecision__Output } from '../../generated/portcullis/v1/VerificationDecision.js'
import type { VerifyRequest__Output } from '../../generated/portcullis/v1/VerifyRequest.js'
import type { VerifyResponse } from '../../generated/portcullis/v1/VerifyResponse.js'
import type { IdentifyCommand, VerifyCommand, VerifyReference } from '../../services/commands.js'
import { enumFromProto, imageFromProto, MULTI_FACE_FROM_PROTO, thresholdFromProto } from './fields.js'
import { faceReportToProto, faceToProto, imageInfoToProto, thresholdToProto, timingsToProto } from './reports.js'

// IdentificationService. Every `…FromProto` throws DomainError INVALID_ARGUMENT naming the field that is wrong.

export function identifyFromProto(request: IdentifyRequest__Output): IdentifyCommand {
  return {
    image: imageFromProto('probe', request.probe),
    galleryIds: request.galleryIds,
    thresholdScore: thresholdFromProto(request.thresholdScore),
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
    image: imageInfoToProto(result.image),
    faces: result.faces.map(faceReportToProto),
    threshold: thresholdToProto(result.threshold),
    evidence: evidenceToProto(result.evidence),
    timings: timingsToProto(result.timingsMs),
    probeRetained: result.probeRetained,
  }
}

export function verifyFromProto(request: VerifyRequest__Output): VerifyCommand {
  return {
    probe: imageFromProto('probe', request.probe),
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

function referenceFromProto(request: VerifyRequest__Output): VerifyReference {
  if (request.reference === 'referenceImage')
    return { image: imageFromProto('reference_image', request.referenceImage) }
  if (request.reference === 'referenceSubjectId' && request.referenceSubjectId)
    return { subjectId: request.referenceSubjectId }
  throw invalid('reference', 'reference_image or reference_subject_id', 'neither')
}

function candidateToProto(candidate: Candidate): CandidateProto {
  return { ...candidate, galleryIds: [...candidate.galleryIds] }
}

function evidenceToProto({ scoreBound, snapshotAgeMs, ...evidence }: SearchEvidence): SearchEvidenceProto {
  return {
    ...evidence,
    modelIds: [...evidence.modelIds],
    galleries: [...evidence.galleries],
    ...(scoreBound === null ? {} : { scoreBound }),
    ...(snapshotAgeMs === null ? {} : { snapshotAgeMs }),
  }
}
