import type { CallContext } from '../domain/context.js'
import type { ScoreFusion } from '../domain/fusion.js'
import type { PartEvidence, PartScore } from '../domain/identification.js'
import type { ScoreThreshold } from '../domain/threshold.js'
import type { PartSubject, SearchablePart } from './part-search.js'
import type { SearchSize } from './threshold.js'

/** A subject found by several parts together. */
export interface FusedSubject {
  readonly subjectId: string
  /** −log10 of the false match rate of all parts that could be compared. */
  readonly score: number
  /** Sum over the parts; null unless each of them has a calibration. */
  readonly llr: number | null
  readonly bestEncounterId: string
  readonly galleryIds: readonly string[]
  readonly scores: readonly PartScore[]
}

export interface FusedSearchResult {
  /** Most similar first; ties in the order of enrolment. */
  readonly subjects: readonly FusedSubject[]
  readonly evidence: readonly PartEvidence[]
  readonly threshold: ScoreThreshold
}

export interface FusedSearchWish {
  readonly countMax: number
  /** The threshold, which depends on what the parts cover. */
  readonly thresholdOf: (size: SearchSize) => ScoreThreshold
}

/** Each part may put forward this many times the list: a subject that is middling in every part may lead in all together. */
const SUBJECTS_PER_PART = 3

/**
 * `search each part → threshold for what they cover → all subjects that one of them puts forward → score these in every part
 * → fuse → rank`.
 * A subject that no part puts forward is not found: with every part poor enough to be beaten by others, so is the whole.
 */
export async function searchParts(
  parts: readonly SearchablePart[],
  fusion: ScoreFusion,
  { countMax, thresholdOf }: FusedSearchWish,
  context: CallContext,
): Promise<FusedSearchResult> {
  const searches = await Promise.all(parts.map((part) => part.search(countMax * SUBJECTS_PER_PART, context)))
  const threshold = thresholdOf(sizeOf(parts, searches))
  const subjectIds = [...new Set(searches.flatMap(({ subjects }) => subjects.map(({ subjectId }) => subjectId)))]
  const scored = await Promise.all(
    parts.map(async (part, i) => {
      const found = searches[i]?.subjects ?? []
      const known = new Set(found.map(({ subjectId }) => subjectId))
      const missing = subjectIds.filter((subjectId) => !known.has(subjectId))
      const subjects = [...found, ...(await part.scoresOf(missing, context))]
      return { part, subjects: new Map(subjects.map((subject) => [subject.subjectId, subject])) }
    }),
  )
  const subjects = subjectIds
    .map((subjectId) => fuseSubject(subjectId, scored, fusion))
    .filter(({ score }) => score >= threshold.score)
    .toSorted((a, b) => b.score - a.score || a.referenceId - b.referenceId)
  return { subjects: subjects.slice(0, countMax), evidence: searches.map(({ evidence }) => evidence), threshold }
}

/**
 * Every reference of every part counts as a comparison of its own. That is as many chances as there are while subjects have one or two
 * references of each part, or the probe one part alone.
 */
function sizeOf(
  parts: readonly SearchablePart[],
  searches: readonly { readonly evidence: PartEvidence }[],
): SearchSize {
  return {
    referenceCount: searches.reduce((sum, { evidence }) => sum + evidence.referencesCoveredCount, 0),
    searchCount: Math.max(1, ...parts.map(({ sampleCount }) => sampleCount)),
  }
}

function fuseSubject(
  subjectId: string,
  scored: readonly { readonly part: SearchablePart; readonly subjects: ReadonlyMap<string, PartSubject> }[],
  fusion: ScoreFusion,
): FusedSubject & { readonly referenceId: number } {
  const own = scored.flatMap(({ part, subjects }) => {
    const subject = subjects.get(subjectId)
    return subject === undefined ? [] : [{ subject, score: partScore(part, subject) }]
  })
  const best = own.reduce((a, b) => (b.score.negLog10Fmr > a.score.negLog10Fmr ? b : a))
  const scores = own.map(({ score }) => score)
  return {
    subjectId,
    score: fusion.fuse(scores.map(({ negLog10Fmr }) => negLog10Fmr)),
    llr: scores.reduce<number | null>((sum, { llr }) => (sum === null || llr === null ? null : sum + llr), 0),
    bestEncounterId: best.subject.encounterId,
    galleryIds: best.subject.galleryIds,
    scores,
    referenceId: Math.min(...own.map(({ subject }) => subject.referenceId)),
  }
}

function partScore(part: SearchablePart, { score, encounterId }: PartSubject): PartScore {
  const { scale } = part
  const [negLog10Fmr, llr] = [scale.negLog10Fmr(score), scale.llr(score)]
  return { part: part.part, score, negLog10Fmr, llr, bestEncounterId: encounterId }
}
