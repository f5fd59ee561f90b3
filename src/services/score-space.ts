import type { Calibrations, ScoreCalibration, SearchErrors } from '../domain/calibration.js'
import type { FingerAlgorithm } from '../domain/finger-analysis.js'
import type { ScoreFusion } from '../domain/fusion.js'
import type { ProbePart } from '../domain/identification.js'
import type { FaceAlgorithm } from '../domain/models.js'
import type { ScoreScale } from '../domain/threshold.js'

/** No rate below 10^−100 can be meant. */
const FUSED_SCORE_MAX = 100

/** The scale that the scores of a call are on, and what is known of it. */
export interface ScoreSpace {
  readonly scale: ScoreScale
  readonly scoreMin: number
  readonly scoreMax: number
  /** What a score is, for a caller who gave another one. */
  readonly words: string
  /** The measured default. */
  readonly standard: { readonly score: number; readonly fmr: number; readonly measuredOn: string }
  /** False match rate of one comparison at a score; null without a calibration. */
  fmrAt(score: number): number | null
  /** What `fmrAt` was measured on. */
  readonly measuredOn: string
  /** Null where nothing can promise an error rate. */
  readonly searches: (SearchErrors & { readonly measuredOn: string }) | null
}

/** Cosines of a face alone. */
export function faceSpace(algorithm: FaceAlgorithm, calibration: ScoreCalibration | null): ScoreSpace {
  const { defaultFmr: fmr, measuredOn } = algorithm
  const point = algorithm.operatingPoints.find((candidate) => candidate.fmr === fmr)
  if (point === undefined) throw new Error('the default false match rate is not an operating point of its space')
  return {
    scale: 'cosine',
    scoreMin: -1,
    scoreMax: 1,
    words: 'a cosine from -1 to 1',
    standard: { score: point.score, fmr, measuredOn },
    fmrAt: (score) => calibration?.fmrAt(score).rate ?? null,
    measuredOn: calibration?.source.data ?? '',
    searches: calibration === null ? null : searchesOf(calibration),
  }
}

/** What the scale of a fused score depends on. */
export interface FusedSpaceParts {
  readonly face: FaceAlgorithm
  readonly finger: FingerAlgorithm
  readonly calibrations: Calibrations
  readonly fusion: ScoreFusion
}

/**
 * −log10 of a false match rate, of fingers with or without a face. The default is the rate that a face has by default.
 * One finger alone is measured by the fingers' calibration, where there is one; anything else is taken at its word.
 * @param parts those of the probe that are compared
 */
export function fusedSpace(
  { face, finger, calibrations, fusion }: FusedSpaceParts,
  parts: readonly ProbePart[],
): ScoreSpace {
  const words = `-log10 of a false match rate, 0 to ${FUSED_SCORE_MAX}`
  const measuredOn = `face: ${face.measuredOn}; finger: ${finger.measuredOn}`
  const standard = { score: -Math.log10(face.defaultFmr), fmr: face.defaultFmr, measuredOn }
  const scale = { scale: '-log10(fmr)', scoreMin: 0, scoreMax: FUSED_SCORE_MAX, words, standard } as const
  const alone = parts.length === 1 && parts[0] !== 'face' ? calibrations.finger : null
  if (alone !== null)
    return {
      ...scale,
      fmrAt: (score) => alone.fmrAt(score).rate,
      measuredOn: alone.source.data,
      searches: searchesOf(alone),
    }
  const isKnown = calibrations.face !== null || !parts.includes('face')
  const atItsWord = 'no data: every comparison is taken to have the rate that its score states'
  return {
    ...scale,
    fmrAt: (score) => 10 ** -score,
    measuredOn,
    searches: isKnown ? { ...fusion.searchErrors, measuredOn: atItsWord } : null,
  }
}

function searchesOf(calibration: ScoreCalibration) {
  return {
    fpirAt: calibration.fpirAt.bind(calibration),
    scoreAtFpir: calibration.scoreAtFpir.bind(calibration),
    measuredOn: calibration.source.data,
  }
}
