import { randomUUID } from 'node:crypto'
import type { ExtractedFace, FaceAnalysis } from '../domain/analysis.js'
import { checkAlive, type CallContext } from '../domain/context.js'
import { invalid } from '../domain/errors.js'
import { MULTI_FACE_POLICIES, combinePolicies, type GalleryPolicy } from '../domain/gallery.js'
import type { Candidate, IdentificationResult, SearchEvidence, VerificationResult } from '../domain/identification.js'
import { LIMITS } from '../domain/limits.js'
import { NO_METRICS, type Metrics } from '../domain/metrics.js'
import type { FaceAnalyser, Logger, Store } from '../domain/ports.js'
import { checkGalleryIds } from '../domain/subject.js'
import { searchSubjects, type SubjectSearchResult } from './candidates.js'
import type { IdentifyCommand, VerifyCommand } from './commands.js'
import type { SearchMode } from '../domain/search.js'
import type { SearchScope } from './reference-directory.js'
import { measureSearch } from './measuring.js'
import type { References, ReferenceSearch } from './references.js'
import { checkImageBytes } from './requests.js'
import { thresholdFor } from './threshold.js'
import { verify } from './verification.js'

/** One probe against named galleries (1:N), or against one reference (1:1). */
export class IdentificationService {
  readonly #store: Store
  readonly #analyser: FaceAnalyser
  readonly #references: References
  readonly #logger: Logger
  readonly #now: () => number
  readonly #metrics: Metrics

  constructor(
    store: Store,
    analyser: FaceAnalyser,
    references: References,
    logger: Logger,
    now: () => number,
    metrics: Metrics = NO_METRICS,
  ) {
    this.#store = store
    this.#analyser = analyser
    this.#references = references
    this.#logger = logger
    this.#now = now
    this.#metrics = metrics
  }

  /**
   * Searches the probe's faces. With several, each one yields up to the longest candidate list, ranked all together.
   * @throws DomainError INVALID_ARGUMENT, GALLERY_NOT_FOUND, and whatever the analyser throws.
   * A probe without a usable face is the outcome `inconclusive`, not an error.
   */
  async identify(command: IdentifyCommand, context: CallContext): Promise<IdentificationResult> {
    return measureSearch(this.#metrics, () => this.#identify(command, context))
  }

  async #identify(command: IdentifyCommand, context: CallContext): Promise<IdentificationResult> {
    const threshold = thresholdFor(this.#analyser.algorithm, command.thresholdScore)
    const policy = await this.#policyFor(command)
    const { image } = command
    const { multiFace, minimumQuality } = policy
    const analysis = await this.#analyser.analyse({ image, multiFace, minimumQuality, purpose: 'template' }, context)
    checkAlive(context)

    const startedMs = performance.now()
    const scope = this.#references.scope([...new Set(command.galleryIds)].sort())
    const faces = analysis.outcome === 'extracted' ? analysis.extracted : []
    const search = { countMax: policy.candidateCountMax, scoreMin: threshold.score, scope, mode: command.searchMode }
    const searches = await this.#searchFaces(faces, search, context)
    const candidates = await this.#describe(searches)
    const searchMs = performance.now() - startedMs

    const outcome = outcomeOf(analysis, candidates)
    const searchId = randomUUID()
    return {
      searchId,
      outcome,
      reasons: analysis.outcome === 'refused' ? analysis.refusal.reasons : [],
      candidates,
      image: analysis.image,
      faces: analysis.faces,
      threshold,
      evidence: this.#evidence(scope, searches, await this.#countElsewhere(scope)),
      timingsMs: faces.length === 0 ? analysis.timingsMs : { ...analysis.timingsMs, search: searchMs },
      probeRetained: mayRetain(command, policy, outcome) && (await this.#retain(searchId, command, context)),
    }
  }

  /**
   * Compares a probe with another image or with the active references of a subject; the best one counts.
   * @throws DomainError INVALID_ARGUMENT, SUBJECT_NOT_FOUND, and whatever the analyser throws.
   * A side without a usable face is the decision `undetermined`, not an error.
   */
  async verify(command: VerifyCommand, context: CallContext): Promise<VerificationResult> {
    return verify(this.#store, this.#analyser, command, context)
  }

  /** The strictest of what the galleries allow and what the caller asks. */
  async #policyFor(command: IdentifyCommand): Promise<GalleryPolicy> {
    checkImageBytes('probe', command.image)
    const galleryIds = checkGalleryIds('gallery_ids', command.galleryIds, LIMITS.galleriesPerSearchMax)
    if (galleryIds.length === 0) throw invalid('gallery_ids', 'at least one gallery', 'none')
    const countMax = command.candidateCountMax
    if (!Number.isInteger(countMax) || countMax < 0)
      throw invalid('candidate_count_max', 'a whole number, 0 or more', String(countMax))

    const policy = combinePolicies(await Promise.all(galleryIds.map((id) => this.#store.getGallery(id))))
    const allowed = [policy.multiFace, command.multiFace ?? policy.multiFace]
    return {
      ...policy,
      multiFace: MULTI_FACE_POLICIES.find((strictness) => allowed.includes(strictness)) ?? policy.multiFace,
      candidateCountMax: countMax === 0 ? policy.candidateCountMax : Math.min(countMax, policy.candidateCountMax),
    }
  }

  async #searchFaces(
    faces: readonly ExtractedFace[],
    search: Omit<ReferenceSearch, 'probe'>,
    context: CallContext,
  ): Promise<readonly FaceSearch[]> {
    const searches: FaceSearch[] = []
    for (const { faceIndex, template } of faces) {
      checkAlive(context)
      const found = await searchSubjects(this.#references, { ...search, probe: template.features }, context)
      searches.push({ ...found, faceIndex })
    }
    return searches
  }

  /** Adds what examiners need to see; a subject that was deleted meanwhile is no candidate any more. */
  async #describe(searches: readonly FaceSearch[]): Promise<readonly Candidate[]> {
    const found = searches.flatMap(({ subjects, faceIndex }) => subjects.map((subject) => ({ ...subject, faceIndex })))
    const details = await this.#store.describeSubjects([...new Set(found.map(({ subjectId }) => subjectId))])
    return found
      .toSorted((a, b) => b.score - a.score) // stable: ties keep the order of enrolment
      .flatMap((subject) => {
        const known = details.get(subject.subjectId)
        return known ? [{ ...subject, externalId: known.externalId, displayName: known.displayName }] : []
      })
      .map((candidate, i) => ({ ...candidate, rank: i + 1 }))
  }

  #evidence(scope: SearchScope, searches: readonly FaceSearch[], notSearchedCount: number): SearchEvidence {
    const { audit, graph } = this.#references.status
    const bounds = searches.flatMap(({ found }) => found.scoreBound ?? [])
    return {
      algorithm: this.#references.algorithm,
      modelIds: this.#analyser.algorithm.modelIds,
      galleries: scope.galleries,
      searchMode: leastSure(searches.map(({ found }) => found.mode)),
      referencesCoveredCount: searches.length === 0 ? 0 : scope.referenceCount,
      comparedCount: searches.reduce((sum, { comparedCount }) => sum + comparedCount, 0),
      referencesNotSearchedCount: notSearchedCount,
      indexAgeMs: 0, // `References.commit` acknowledges no change before the index holds it
      missedByGraphCount: searches.reduce((sum, { found }) => sum + found.missedByGraphCount, 0),
      scoreBound: bounds.length === 0 ? null : Math.max(...bounds),
      audit,
      snapshotAgeMs: typeof graph?.snapshotAtMs === 'number' ? Math.max(0, this.#now() - graph.snapshotAtMs) : null,
    }
  }

  /** References in other spaces; one in several of the galleries counts for each: too many warn, too few hide. */
  async #countElsewhere(scope: SearchScope): Promise<number> {
    const counts = await this.#store.countReferences(scope.galleries.map(({ galleryId }) => galleryId))
    return counts
      .filter(({ algorithm }) => algorithm !== this.#references.algorithm)
      .reduce((sum, { count }) => sum + count, 0)
  }

  /** Keeps the probe. An officer gets the answer even where the disk is full; it then says that nothing was kept. */
  async #retain(searchId: string, command: IdentifyCommand, context: CallContext): Promise<boolean> {
    const { image: bytes, galleryIds } = command
    try {
      await this.#store.retainProbe({ searchId, galleryIds, bytes, retainedAtMs: this.#now() })
      return true
    } catch (error) {
      this.#logger.error({ callId: context.callId, error }, 'a probe could not be kept')
      return false
    }
  }
}

/** The mode that proves least, of those that made the answer. */
function leastSure(modes: readonly SearchMode[]): SearchMode {
  return (['hnsw', 'verified'] as const).find((mode) => modes.includes(mode)) ?? 'exact'
}

interface FaceSearch extends SubjectSearchResult {
  readonly faceIndex: number
}

function outcomeOf(analysis: FaceAnalysis, candidates: readonly Candidate[]): IdentificationResult['outcome'] {
  if (analysis.outcome !== 'extracted' || analysis.extracted.length === 0) return 'inconclusive'
  return candidates.length > 0 ? 'refer-for-review' : 'no-candidate'
}

/** Travellers are not enrolled by being looked at: the request must ask and every gallery must allow. */
function mayRetain(command: IdentifyCommand, policy: GalleryPolicy, outcome: IdentificationResult['outcome']): boolean {
  if (!command.retainProbe || outcome === 'inconclusive') return false
  return policy.probeRetention === 'always' || (policy.probeRetention === 'referred' && outcome === 'refer-for-review')
}
