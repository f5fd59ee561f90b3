import type { CallContext } from '../domain/context.js'
import type { IndexSearchResult } from '../domain/search.js'
import type { SearchScope } from './reference-directory.js'
import type { References, ReferenceSearch } from './references.js'

/** A subject found by a search, with its best reference. */
export interface RankedSubject {
  readonly subjectId: string
  readonly score: number
  readonly bestEncounterId: string
  readonly galleryIds: readonly string[]
}

export interface SubjectSearchResult {
  /** Most similar first; ties in the order of enrolment. */
  readonly subjects: readonly RankedSubject[]
  /** How the references were searched, the last time that more were asked for. */
  readonly found: IndexSearchResult
  /** Over all times. */
  readonly comparedCount: number
}

/** Subjects have few references each, so twice the references usually hold enough subjects at the first asking. */
const REFERENCES_PER_SUBJECT = 2

/**
 * The `countMax` most similar subjects with a reference that reaches `scoreMin`.
 *
 * The index ranks references, and one subject may hold all the best of them: as long as there are too few subjects
 * and more references, twice as many are asked for, up to all of the scope.
 */
export async function searchSubjects(
  references: References,
  { countMax, ...search }: ReferenceSearch,
  context: CallContext,
): Promise<SubjectSearchResult> {
  const { scope } = search
  const referenceCount = Math.max(1, scope.referenceCount)
  let comparedCount = 0
  for (let askedCount = countMax * REFERENCES_PER_SUBJECT; ; askedCount *= 2) {
    const found = await references.search({ ...search, countMax: Math.min(askedCount, referenceCount) }, context)
    comparedCount += found.comparedCount
    const subjects = bestOfEachSubject(found.neighbours, scope)
    const isComplete = found.neighbours.length < askedCount || askedCount >= referenceCount
    if (subjects.length >= countMax || isComplete)
      return { subjects: subjects.slice(0, countMax), found, comparedCount }
  }
}

function bestOfEachSubject(
  neighbours: readonly { readonly referenceId: number; readonly score: number }[],
  scope: SearchScope,
): readonly RankedSubject[] {
  const best = new Map<string, RankedSubject>()
  for (const { referenceId, score } of neighbours) {
    const found = scope.find(referenceId)
    if (found === null || best.has(found.subjectId)) continue // left the scope meanwhile, or has a better reference
    const { subjectId, encounterId, galleryIds } = found
    best.set(subjectId, { subjectId, score, bestEncounterId: encounterId, galleryIds })
  }
  return [...best.values()]
}
