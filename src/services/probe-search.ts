import type { Calibrations } from '../domain/calibration.js'
import type { CallContext } from '../domain/context.js'
import type { FingerAlgorithm } from '../domain/finger-analysis.js'
import type { ScoreFusion } from '../domain/fusion.js'
import type { PartEvidence, ProbePart } from '../domain/identification.js'
import type { FaceAlgorithm } from '../domain/models.js'
import type { Store } from '../domain/ports.js'
import type { SearchModeWish } from '../domain/search.js'
import type { ThresholdWish } from '../domain/threshold.js'
import { FacePart } from './face-part.js'
import type { ProbeSearchResult, SearchFigures } from './face-search.js'
import { FingerPart } from './finger-part.js'
import type { FingerReferences } from './finger-references.js'
import { searchParts } from './fused-search.js'
import { faceScale, fingerScale } from './part-scale.js'
import type { SearchablePart } from './part-search.js'
import { fingersOf, type AnalysedProbe } from './probe.js'
import type { References } from './references.js'
import { fusedSpace } from './score-space.js'
import { searchThreshold, type SearchSize } from './threshold.js'

/** What a search of several parts works on. */
export interface PartSearchTools {
  readonly store: Store
  readonly references: References
  readonly fingerReferences: FingerReferences
  readonly fusion: ScoreFusion
  readonly face: FaceAlgorithm
  readonly finger: FingerAlgorithm
  readonly calibrations: Calibrations
}

export interface PartSearchWish {
  /** Sorted, each once. */
  readonly galleryIds: readonly string[]
  readonly countMax: number
  readonly threshold: ThresholdWish
  readonly mode: SearchModeWish
}

/** Searches the usable parts of a probe, and fuses what they say. @throws DomainError as `searchThreshold` */
export async function searchProbe(
  tools: PartSearchTools,
  probe: AnalysedProbe,
  wish: PartSearchWish,
  context: CallContext,
): Promise<ProbeSearchResult> {
  const parts = partsOf(tools, probe, wish)
  const space = fusedSpace(
    tools,
    parts.map(({ part }) => part),
  )
  const thresholdOf = (size: SearchSize) => searchThreshold(space, wish.threshold, size)
  const { countMax } = wish
  const { subjects, evidence, threshold } = await searchParts(parts, tools.fusion, { countMax, thresholdOf }, context)
  const faceIndex = faceIndexOf(probe)
  return {
    subjects: subjects.map((subject) => ({ ...subject, fmrAtScore: space.fmrAt(subject.score), faceIndex })),
    figures: figuresOf([...evidence, ...unusable(tools, probe)]),
    threshold,
  }
}

function partsOf(tools: PartSearchTools, probe: AnalysedProbe, wish: PartSearchWish): readonly SearchablePart[] {
  const { references, fingerReferences, calibrations } = tools
  const { galleryIds, mode } = wish
  const template = probe.face?.outcome === 'extracted' ? probe.face.extracted[0]?.template : undefined
  const face =
    template === undefined
      ? []
      : [
          new FacePart(
            tools,
            { template, scope: references.scope(galleryIds), mode },
            faceScale(tools.face, calibrations.face, tools.fusion),
          ),
        ]
  const scale = fingerScale(calibrations.finger)
  const scope = fingerReferences.scope(galleryIds)
  const isExhaustive = mode === 'exact'
  return [
    ...face,
    ...fingersOf(probe).map((finger) => new FingerPart(fingerReferences, finger, { scope, isExhaustive }, scale)),
  ]
}

function faceIndexOf({ face }: AnalysedProbe): number {
  return face?.outcome === 'extracted' ? (face.extracted[0]?.faceIndex ?? 0) : 0
}

/** Parts that were handed over and not searched: an examiner must see that they said nothing. */
function unusable(
  { face: faceAlgorithm, fingerReferences }: PartSearchTools,
  probe: AnalysedProbe,
): readonly PartEvidence[] {
  const none = { searchMode: null, referencesCoveredCount: 0, comparedCount: 0 } as const
  const entry = (part: ProbePart, algorithm: string, reasons: readonly string[]): PartEvidence => {
    return { part, algorithm, ...none, reasons }
  }
  const face =
    probe.face?.outcome === 'refused' ? [entry('face', faceAlgorithm.algorithm, probe.face.refusal.reasons)] : []
  const fingers = probe.fingers.flatMap((finger) =>
    finger.outcome === 'refused' ? [entry('unknown', fingerReferences.algorithm, finger.refusal.reasons)] : [],
  )
  return [...face, ...fingers]
}

/** The face's figures stand for themselves; a probe without a face has those of its fingers. */
function figuresOf(parts: readonly PartEvidence[]): SearchFigures {
  const face = parts.find(({ part, searchMode }) => part === 'face' && searchMode !== null)
  const mode = face?.searchMode
  return {
    searchMode: mode === 'verified' || mode === 'hnsw' ? mode : 'exact',
    referencesCoveredCount: Math.max(0, ...parts.map((part) => part.referencesCoveredCount)),
    comparedCount: parts.reduce((sum, { comparedCount }) => sum + comparedCount, 0),
    missedByGraphCount: 0,
    scoreBound: null,
    parts,
  }
}
