import { randomUUID } from 'node:crypto'
import { NO_CALIBRATIONS, type Calibrations } from '../domain/calibration.js'
import type { CallContext } from '../domain/context.js'
import { invalid } from '../domain/errors.js'
import type { ScoreFusion } from '../domain/fusion.js'
import { MULTI_FACE_POLICIES, combinePolicies, type GalleryPolicy } from '../domain/gallery.js'
import type { Candidate, IdentificationResult, SearchEvidence, VerificationResult } from '../domain/identification.js'
import { LIMITS } from '../domain/limits.js'
import { NO_METRICS, type Metrics } from '../domain/metrics.js'
import type { SearchMonitor } from '../domain/monitor.js'
import type { Analysers, Logger, Store } from '../domain/ports.js'
import { checkGalleryIds } from '../domain/subject.js'
import type { IdentifyCommand, VerifyCommand } from './commands.js'
import { searchFaces, type FoundSubject, type ProbeSearchResult, type SearchFigures } from './face-search.js'
import type { FingerReferences } from './finger-references.js'
import { measureSearch } from './measuring.js'
import { analyseProbe, checkProbe, fingerReports, probeReasons, type AnalysedProbe } from './probe.js'
import { searchProbe } from './probe-search.js'
import { faceScale } from './part-scale.js'
import type { SearchScope } from './reference-directory.js'
import type { References } from './references.js'
import { faceSpace, fusedSpace } from './score-space.js'
import { checkWish } from './threshold.js'
import { verify } from './verification.js'

export interface IdentificationParts {
  readonly store: Store
  readonly analysers: Analysers
  readonly references: References
  readonly fingerReferences: FingerReferences
  readonly fusion: ScoreFusion
  readonly logger: Logger
  readonly now: () => number
  readonly metrics?: Metrics
  /** Told of every answer. */
  readonly monitor: SearchMonitor
  readonly calibrations?: Calibrations
}

/** One probe against named galleries (1:N), or against one reference (1:1). */
export class IdentificationService {
  readonly #store: Store
  readonly #analysers: Analysers
  readonly #references: References
  readonly #fingerReferences: FingerReferences
  readonly #fusion: ScoreFusion
  readonly #logger: Logger
  readonly #now: () => number
  readonly #metrics: Metrics
  readonly #monitor: SearchMonitor
  readonly #calibrations: Calibrations

  constructor(parts: IdentificationParts) {
    this.#store = parts.store
    this.#analysers = parts.analysers
    this.#references = parts.references
    this.#fingerReferences = parts.fingerReferences
    this.#fusion = parts.fusion
    this.#logger = parts.logger
    this.#now = parts.now
    this.#metrics = parts.metrics ?? NO_METRICS
    this.#monitor = parts.monitor
    this.#calibrations = parts.calibrations ?? NO_CALIBRATIONS
  }

  /**
   * Searches a probe: its faces alone by their cosines, or a face and fingers of one person by the fused score.
   * With several faces, each one yields up to the longest candidate list, ranked all together.
   * @throws DomainError INVALID_ARGUMENT, GALLERY_NOT_FOUND, NOT_CALIBRATED, and whatever the analysers throw.
   * A probe without a usable sample is the outcome `inconclusive`, not an error.
   */
  async identify(command: IdentifyCommand, context: CallContext): Promise<IdentificationResult> {
    const result = await measureSearch(this.#metrics, () => this.#identify(command, context))
    this.#monitor.record(result)
    return result
  }

  async #identify(command: IdentifyCommand, context: CallContext): Promise<IdentificationResult> {
    checkProbe(command, 'probe', 'fingers')
    this.#checkThreshold(command)
    const policy = await this.#policyFor(command)
    const probe = await analyseProbe(this.#analysers, command, policy, context)

    const startedMs = performance.now()
    const { subjects, figures, threshold } = await this.#search(command, probe, policy, context)
    const candidates = await this.#describe(subjects)
    const searchMs = performance.now() - startedMs

    const isUsable = hasUsable(probe)
    const outcome = !isUsable ? 'inconclusive' : candidates.length > 0 ? 'refer-for-review' : 'no-candidate'
    const timingsMs = probe.face?.timingsMs ?? {}
    const searchId = randomUUID()
    return {
      searchId,
      outcome,
      reasons: isUsable ? [] : probeReasons(probe),
      candidates,
      image: probe.face?.image ?? null,
      faces: probe.face?.faces ?? [],
      fingers: fingerReports(probe),
      threshold,
      evidence: await this.#evidence(command, figures),
      timingsMs: isUsable ? { ...timingsMs, search: searchMs } : timingsMs,
      probeRetained: mayRetain(command, policy, outcome) && (await this.#retain(searchId, command, context)),
    }
  }

  /**
   * Compares samples with other samples or with the active references of a subject; the best of each part counts.
   * @throws DomainError INVALID_ARGUMENT, SUBJECT_NOT_FOUND, and whatever the analysers throw.
   * Sides without a usable part in common are the decision `undetermined`, not an error.
   */
  async verify(command: VerifyCommand, context: CallContext): Promise<VerificationResult> {
    const [store, analysers, fusion] = [this.#store, this.#analysers, this.#fusion]
    return verify({ store, analysers, fusion, calibrations: this.#calibrations }, command, context)
  }

  /** What is wrong with a wish whatever the probe holds is said before it is analysed. */
  #checkThreshold({ image, fingers, threshold }: IdentifyCommand): void {
    const [calibrations, fusion] = [this.#calibrations, this.#fusion]
    const [face, finger] = [this.#analysers.face.algorithm, this.#analysers.finger.algorithm]
    if (fingers.length === 0) checkWish(faceSpace(face, calibrations.face), threshold)
    else checkWish(fusedSpace({ face, finger, calibrations, fusion }, image === null ? [] : ['face']), threshold)
  }

  async #search(
    command: IdentifyCommand,
    probe: AnalysedProbe,
    { candidateCountMax: countMax }: GalleryPolicy,
    context: CallContext,
  ): Promise<ProbeSearchResult> {
    const { searchMode: mode, threshold } = command
    const [face, finger] = [this.#analysers.face.algorithm, this.#analysers.finger.algorithm]
    const [fusion, calibrations] = [this.#fusion, this.#calibrations]
    const galleryIds = galleriesOf(command)
    if (command.fingers.length === 0) {
      const faces = probe.face?.outcome === 'extracted' ? probe.face.extracted : []
      const search = { countMax, threshold, scope: this.#references.scope(galleryIds), mode }
      const scores = {
        space: faceSpace(face, calibrations.face),
        scale: faceScale(face, calibrations.face, fusion),
      }
      return searchFaces(this.#references, faces, search, scores, context)
    }
    const [store, references, fingerReferences] = [this.#store, this.#references, this.#fingerReferences]
    const tools = { store, references, fingerReferences, fusion, face, finger, calibrations }
    return searchProbe(tools, probe, { galleryIds, countMax, threshold, mode }, context)
  }

  /** The strictest of what the galleries allow and what the caller asks. */
  async #policyFor(command: IdentifyCommand): Promise<GalleryPolicy> {
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

  /** Adds what examiners need to see; a subject that was deleted meanwhile is no candidate any more. */
  async #describe(subjects: readonly FoundSubject[]): Promise<readonly Candidate[]> {
    const details = await this.#store.describeSubjects([...new Set(subjects.map(({ subjectId }) => subjectId))])
    return subjects
      .flatMap((subject) => {
        const known = details.get(subject.subjectId)
        return known ? [{ ...subject, externalId: known.externalId, displayName: known.displayName }] : []
      })
      .map((candidate, i) => ({ ...candidate, rank: i + 1 }))
  }

  async #evidence(command: IdentifyCommand, figures: SearchFigures): Promise<SearchEvidence> {
    const { audit, graph } = this.#references.status
    const galleryIds = galleriesOf(command)
    const scope = (command.image === null ? this.#fingerReferences : this.#references).scope(galleryIds)
    return {
      ...figures,
      algorithm: command.image === null ? this.#fingerReferences.algorithm : this.#references.algorithm,
      modelIds: command.image === null ? [] : this.#analysers.face.algorithm.modelIds,
      galleries: scope.galleries,
      referencesNotSearchedCount: await this.#countElsewhere(scope),
      indexAgeMs: 0, // `References.commit` acknowledges no change before the index holds it
      audit,
      snapshotAgeMs: typeof graph?.snapshotAtMs === 'number' ? Math.max(0, this.#now() - graph.snapshotAtMs) : null,
    }
  }

  /** References in spaces that nothing searches; one in several of the galleries counts for each: too many warn, too few hide. */
  async #countElsewhere(scope: SearchScope): Promise<number> {
    const searchable = [this.#references.algorithm, this.#fingerReferences.algorithm]
    const counts = await this.#store.countReferences(scope.galleries.map(({ galleryId }) => galleryId))
    return counts.filter(({ algorithm }) => !searchable.includes(algorithm)).reduce((sum, { count }) => sum + count, 0)
  }

  /** Keeps the probe. An officer gets the answer even where the disk is full; it then says that nothing was kept. */
  async #retain(searchId: string, command: IdentifyCommand, context: CallContext): Promise<boolean> {
    const { image, fingers, galleryIds } = command
    const bytes = fingers.map((finger) => (finger.kind === 'record' ? finger.bytes : finger.image.bytes))
    const samples = image === null ? bytes : [image, ...bytes]
    try {
      await this.#store.retainProbe({ searchId, galleryIds, samples, retainedAtMs: this.#now() })
      return true
    } catch (error) {
      this.#logger.error({ callId: context.callId, error }, 'a probe could not be kept')
      return false
    }
  }
}

function galleriesOf({ galleryIds }: IdentifyCommand): readonly string[] {
  return [...new Set(galleryIds)].sort()
}

function hasUsable({ face, fingers }: AnalysedProbe): boolean {
  const hasFace = face?.outcome === 'extracted' && face.extracted.length > 0
  return hasFace || fingers.some(({ outcome }) => outcome === 'extracted')
}

/**
 * Travellers are not enrolled by being looked at: the request must ask and every gallery must allow. An investigation lists subjects
 * whatever their scores, which is no evidence that would be worth keeping a probe for.
 */
function mayRetain(command: IdentifyCommand, policy: GalleryPolicy, outcome: IdentificationResult['outcome']): boolean {
  if (!command.retainProbe || outcome === 'inconclusive') return false
  const isReferred = outcome === 'refer-for-review' && command.threshold.kind !== 'investigation'
  return policy.probeRetention === 'always' || (isReferred && policy.probeRetention === 'referred')
}
