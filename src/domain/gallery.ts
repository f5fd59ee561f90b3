import { invalid } from './errors.js'
import { checkId, checkText } from './ids.js'
import { LIMITS } from './limits.js'

/**
 * Which faces of an image with several are used.
 * - `reject-several`: more than one face is a refusal. The default: an enrolment or a gate wants one person.
 * - `largest`: the face with the largest box.
 * - `most-central`: the face nearest to the middle of the image, in units of its own size.
 * - `all`: at identification every face is searched. At enrolment the same as `reject-several`: one subject is one person.
 */
export const MULTI_FACE_POLICIES = ['reject-several', 'most-central', 'largest', 'all'] as const
export type MultiFacePolicy = (typeof MULTI_FACE_POLICIES)[number]

/**
 * Whether a probe may be kept after its search, when the request asks for it too (`retain_probe`).
 * - `never`: the default; travellers are not enrolled by being looked at.
 * - `referred`: only when the search referred candidates for review, as evidence for the examiner; never in an investigation.
 * - `always`: on every search that asks.
 */
export const PROBE_RETENTIONS = ['never', 'referred', 'always'] as const
export type ProbeRetention = (typeof PROBE_RETENTIONS)[number]

export interface GalleryPolicy {
  /** Samples below this quality (0 to 100) are refused at enrolment and make a search inconclusive. */
  readonly minimumQuality: number
  readonly multiFace: MultiFacePolicy
  /** The longest candidate list, 1 to 1,000. */
  readonly candidateCountMax: number
  /** Memberships end after this many days (1 to 36,500); null keeps them until they are removed. */
  readonly retentionDays: number | null
  readonly probeRetention: ProbeRetention
}

/** The set of references that one search covers: a watchlist. */
export interface Gallery {
  readonly id: string
  /** The authority that answers for the list. */
  readonly owner: string
  /** Why the list exists and on which legal basis. */
  readonly purpose: string
  readonly policy: GalleryPolicy
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A gallery with the number of subjects and active references in it. */
export interface GallerySummary extends Gallery {
  readonly subjectCount: number
  readonly referenceCount: number
}

export const DEFAULT_POLICY: GalleryPolicy = {
  minimumQuality: 20,
  multiFace: 'reject-several',
  candidateCountMax: 10,
  retentionDays: null,
  probeRetention: 'never',
}

/** @throws DomainError INVALID_ARGUMENT naming the first field that is wrong */
export function checkGallery(gallery: Gallery): Gallery {
  checkId('gallery_id', gallery.id)
  if (gallery.owner.trim() === '') throw invalid('owner', 'the authority that answers for the gallery', 'nothing')
  if (gallery.purpose.trim() === '') throw invalid('purpose', 'why the gallery exists', 'nothing')
  checkText('owner', gallery.owner)
  checkText('purpose', gallery.purpose)
  checkPolicy(gallery.policy)
  return gallery
}

function checkPolicy(policy: GalleryPolicy): void {
  checkRange('policy.minimum_quality', policy.minimumQuality, 0, 100)
  checkRange('policy.candidate_count_max', policy.candidateCountMax, 1, LIMITS.candidatesMax)
  if (policy.retentionDays !== null)
    checkRange('policy.retention_days', policy.retentionDays, 1, LIMITS.retentionDaysMax)
}

function checkRange(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw invalid(field, `a whole number from ${min} to ${max}`, String(value))
}

/**
 * The policy of a search over several galleries: of each part the strictest, so that no owner's rule is broken.
 * `galleries` holds at least one.
 */
export function combinePolicies(galleries: readonly Gallery[]): GalleryPolicy {
  const policies = galleries.map((gallery) => gallery.policy)
  const strictest = <T extends string>(order: readonly T[], values: readonly T[]): T =>
    order[Math.min(...values.map((value) => order.indexOf(value)))] as T
  return {
    minimumQuality: Math.max(...policies.map((policy) => policy.minimumQuality)),
    multiFace: strictest(
      MULTI_FACE_POLICIES,
      policies.map((policy) => policy.multiFace),
    ),
    candidateCountMax: Math.min(...policies.map((policy) => policy.candidateCountMax)),
    retentionDays: null, // of memberships, not of searches
    probeRetention: strictest(
      PROBE_RETENTIONS,
      policies.map((policy) => policy.probeRetention),
    ),
  }
}
