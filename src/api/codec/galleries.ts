import {
  DEFAULT_POLICY,
  type GalleryPolicy,
  type GallerySummary,
  type MultiFacePolicy,
  type ProbeRetention,
} from '../../domain/gallery.js'
import type { Page } from '../../domain/ports.js'
import type { Gallery as GalleryProto, Gallery__Output } from '../../generated/portcullis/v1/Gallery.js'
import type { GalleryPolicy as GalleryPolicyProto } from '../../generated/portcullis/v1/GalleryPolicy.js'
import type { GalleryPolicy__Output } from '../../generated/portcullis/v1/GalleryPolicy.js'
import type { ListGalleriesResponse } from '../../generated/portcullis/v1/ListGalleriesResponse.js'
import type { MultiFacePolicy__Output } from '../../generated/portcullis/v1/MultiFacePolicy.js'
import type { ProbeRetention__Output } from '../../generated/portcullis/v1/ProbeRetention.js'
import type { GalleryFields } from '../../services/galleries.js'
import { enumFromProto, MULTI_FACE_FROM_PROTO, required } from './fields.js'
import { timestampToProto } from './reports.js'

// GalleryService. Fields that are output only are not read.

/** @throws DomainError INVALID_ARGUMENT when there is no gallery, or an enum holds an unknown number */
export function galleryFromProto(gallery: Gallery__Output | null): GalleryFields {
  const { galleryId, owner, purpose, policy } = required('gallery', gallery)
  return { id: galleryId, owner, purpose, policy: policy === null ? DEFAULT_POLICY : policyFromProto(policy) }
}

export function galleryToProto(gallery: GallerySummary): GalleryProto {
  return {
    galleryId: gallery.id,
    owner: gallery.owner,
    purpose: gallery.purpose,
    policy: policyToProto(gallery.policy),
    createdAt: timestampToProto(gallery.createdAtMs),
    updatedAt: timestampToProto(gallery.updatedAtMs),
    subjectCount: gallery.subjectCount,
    referenceCount: gallery.referenceCount,
  }
}

export function galleriesToProto(page: Page<GallerySummary>): ListGalleriesResponse {
  return { galleries: page.items.map(galleryToProto), nextPageToken: page.nextPageToken }
}

/** Zero and absent mean what gallery.proto says: the default, and for retention that memberships do not end. */
function policyFromProto(policy: GalleryPolicy__Output): GalleryPolicy {
  const { multiFace, probeRetention, candidateCountMax, retentionDays } = policy
  return {
    minimumQuality: policy.minimumQuality ?? DEFAULT_POLICY.minimumQuality,
    multiFace: enumFromProto('policy.multi_face', multiFace, MULTI_FACE_FROM_PROTO) ?? DEFAULT_POLICY.multiFace,
    candidateCountMax: candidateCountMax === 0 ? DEFAULT_POLICY.candidateCountMax : candidateCountMax,
    retentionDays: retentionDays === 0 ? null : retentionDays,
    probeRetention: enumFromProto('policy.probe_retention', probeRetention, PROBE_RETENTION_FROM_PROTO),
  }
}

function policyToProto(policy: GalleryPolicy): GalleryPolicyProto {
  return {
    minimumQuality: policy.minimumQuality,
    multiFace: MULTI_FACE_TO_PROTO[policy.multiFace],
    candidateCountMax: policy.candidateCountMax,
    retentionDays: policy.retentionDays ?? 0,
    probeRetention: PROBE_RETENTION_TO_PROTO[policy.probeRetention],
  }
}

const PROBE_RETENTION_FROM_PROTO: Readonly<Record<ProbeRetention__Output, ProbeRetention>> = {
  PROBE_RETENTION_UNSPECIFIED: 'never',
  PROBE_RETENTION_NEVER: 'never',
  PROBE_RETENTION_REFERRED: 'referred',
  PROBE_RETENTION_ALWAYS: 'always',
}

const PROBE_RETENTION_TO_PROTO: Readonly<Record<ProbeRetention, ProbeRetention__Output>> = {
  never: 'PROBE_RETENTION_NEVER',
  referred: 'PROBE_RETENTION_REFERRED',
  always: 'PROBE_RETENTION_ALWAYS',
}

const MULTI_FACE_TO_PROTO: Readonly<Record<MultiFacePolicy, MultiFacePolicy__Output>> = {
  'reject-several': 'MULTI_FACE_REJECT_SEVERAL',
  'most-central': 'MULTI_FACE_MOST_CENTRAL',
  largest: 'MULTI_FACE_LARGEST',
  all: 'MULTI_FACE_ALL',
}
