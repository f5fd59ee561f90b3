import type { CallContext } from '../domain/context.js'
import type { ScoreFusion } from '../domain/fusion.js'
import type { PartEvidence, PartScore } from '../domain/identification.js'
import type { PartSubject, SearchablePart } from './part-search.js'

/** A subject found by several parts together. */
export interface FusedSubject {
  readonly subjectId: string
  /** −log10 of the false match rate of all parts that could be compared. */
  readonly score: number
  readonly bestEncounterId: string
  readonly galleryIds: readonly string[]
  readonly scores: readonly PartScore[]
}

export interface FusedSearchResult {
  /** Most similar first; ties in the order of enrolment. */
  readonly subjects: readonly FusedSubject[]
  readonly evidence: readonly PartEvidence[]
}

/** Each part may put forward this many times the list: a subject that is middling in every part may lead in all together. */
const SUBJECTS_PER_PART = 3

/**
 * `search each part → all subjects that one of them puts forward → score these in every part → fuse → rank`.
 * A subject that no part puts forward is not found: with every part poor enough to be beaten by others, so is the whole.
 */
export async function searchParts(
  parts: readonly SearchablePart[],
  fusion: ScoreFusion,
  { countMax, scoreMin }: { readonly countMax: number; readonly scoreMin: number },
  context: CallContext,
): Promise<FusedSearchResult> {
  const searches = await Promise.all(parts.map((part) => part.search(countMax * SUBJECTS_PER_PART, context)))
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
    .filter(({ score }) => score >= scoreMin)
    .toSorted((a, b) => b.score - a.score || a.referenceId - b.referenceId)
  return { subjects: subjects.slice(0, countMax), evidence: searches.map(({ evidence }) => evidence) }
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
    bestEncounterId: best.subject.encounterId,
    galleryIds: best.subject.galleryIds,
    scores,
    referenceId: Math.min(...own.map(({ subject }) => subject.referenceId)),
  }
}

function partScore(part: SearchablePart, { score, encounterId }: PartSubject): PartScore {
  return { part: part.part, score, negLog10Fmr: part.negLog10Fmr(score), bestEncounterId: encounterId }
}
