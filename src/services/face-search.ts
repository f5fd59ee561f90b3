import type { ExtractedFace } from '../domain/analysis.js'
import { checkAlive, type CallContext } from '../domain/context.js'
import type { PartScore, SearchEvidence } from '../domain/identification.js'
import type { SearchMode } from '../domain/search.js'
import type { ScoreThreshold, ThresholdWish } from '../domain/threshold.js'
import { searchSubjects, type RankedSubject, type SubjectSearchResult } from './candidates.js'
import type { PartScale } from './part-scale.js'
import type { References, ReferenceSearch } from './references.js'
import type { ScoreSpace } from './score-space.js'
import { searchThreshold } from './threshold.js'

/** A subject that a search puts forward, before an examiner's details are added. */
export interface FoundSubject extends RankedSubject {
  readonly fmrAtScore: number | null
  readonly llr: number | null
  readonly faceIndex: number
  readonly scores: readonly PartScore[]
}

/** What a search says of itself. */
export type SearchFigures = Pick<
  SearchEvidence,
  'searchMode' | 'referencesCoveredCount' | 'comparedCount' | 'missedByGraphCount' | 'scoreBound' | 'parts'
>

export interface ProbeSearchResult {
  /** Most similar first. */
  readonly subjects: readonly FoundSubject[]
  readonly figures: SearchFigures
  readonly threshold: ScoreThreshold
}

export interface FaceSearchWish extends Omit<ReferenceSearch, 'probe' | 'scoreMin'> {
  readonly threshold: ThresholdWish
}

/** What the scores of faces mean, alone and beside other parts. */
export interface FaceScores {
  readonly space: ScoreSpace
  readonly scale: PartScale
}

/**
 * Searches faces alone: each one yields up to the longest list, ranked all together by their cosines.
 * @throws DomainError as `searchThreshold`
 */
export async function searchFaces(
  references: References,
  faces: readonly ExtractedFace[],
  { threshold: wish, ...search }: FaceSearchWish,
  { space, scale }: FaceScores,
  context: CallContext,
): Promise<ProbeSearchResult> {
  const { referenceCount } = search.scope
  const threshold = searchThreshold(space, wish, { referenceCount, searchCount: Math.max(1, faces.length) })
  const searches: SubjectSearchResult[] = []
  for (const { template } of faces) {
    checkAlive(context)
    searches.push(
      await searchSubjects(references, { ...search, scoreMin: threshold.score, probe: template.features }, context),
    )
  }
  const subjects = searches.flatMap(({ subjects }, i) =>
    subjects.map((subject) => {
      const { score, bestEncounterId } = subject
      const llr = scale.llr(score)
      const part = { part: 'face', score, negLog10Fmr: scale.negLog10Fmr(score), llr, bestEncounterId } as const
      return {
        ...subject,
        fmrAtScore: space.fmrAt(score),
        llr,
        faceIndex: faces[i]?.faceIndex ?? 0,
        scores: [part],
      }
    }),
  )
  return {
    subjects: subjects.toSorted((a, b) => b.score - a.score), // stable: ties keep the order of enrolment
    figures: figuresOf(searches, referenceCount),
    threshold,
  }
}

function figuresOf(searches: readonly SubjectSearchResult[], referenceCount: number): SearchFigures {
  const bounds = searches.flatMap(({ found }) => found.scoreBound ?? [])
  return {
    searchMode: leastSure(searches.map(({ found }) => found.mode)),
    referencesCoveredCount: searches.length === 0 ? 0 : referenceCount,
    comparedCount: searches.reduce((sum, { comparedCount }) => sum + comparedCount, 0),
    missedByGraphCount: searches.reduce((sum, { found }) => sum + found.missedByGraphCount, 0),
    scoreBound: bounds.length === 0 ? null : Math.max(...bounds),
    parts: [],
  }
}

/** The mode that proves least, of those that made the answer. */
function leastSure(modes: readonly SearchMode[]): SearchMode {
  return (['hnsw', 'verified'] as const).find((mode) => modes.includes(mode)) ?? 'exact'
}
