import type { RateEstimate, ScoreCalibration } from '../../domain/calibration.js'
import type { IdentificationResult } from '../../domain/identification.js'
import type { FpirSpan } from '../../domain/monitor.js'

/** What one search says of one of its galleries. */
export interface GallerySearch {
  readonly galleryId: string
  readonly isAlarm: boolean
  /** Null without a calibration for this search. */
  readonly predicted: FpirSpan | null
}

export interface MonitoredSearch {
  readonly searchId: string
  readonly algorithm: string
  readonly galleries: readonly GallerySearch[]
}

/**
 * What is counted of a search: of each gallery by itself, as if it had been searched alone, because each has an owner and a size of its own.
 * Null for a probe without a usable sample: nobody was searched; and for an investigation: it lists subjects whatever their scores.
 */
export function monitoredSearch(
  result: IdentificationResult,
  calibration: ScoreCalibration | null,
): MonitoredSearch | null {
  if (result.outcome === 'inconclusive' || result.threshold.source === 'none') return null
  const algorithm = algorithmOf(result)
  const { threshold, candidates, evidence, searchId } = result
  const alarmed = new Set(candidates.flatMap(({ galleryIds }) => galleryIds))
  const isCalibrated = calibration !== null && calibration.algorithm === algorithm && threshold.scale === 'cosine'
  const faceCount = result.faces.filter(({ quality }) => quality !== null).length
  return {
    searchId,
    algorithm,
    galleries: evidence.galleries.map(({ galleryId, referenceCount }) => ({
      galleryId,
      isAlarm: alarmed.has(galleryId),
      predicted: isCalibrated ? ofSeveral(calibration.fpirAt(threshold.score, referenceCount), faceCount) : null,
    })),
  }
}

/** The spaces that were compared in, the face's first. */
function algorithmOf({ evidence }: IdentificationResult): string {
  const searched = evidence.parts.filter(({ searchMode }) => searchMode !== null).map(({ algorithm }) => algorithm)
  return searched.length === 0 ? evidence.algorithm : [...new Set(searched)].join(' + ')
}

/** The chance that one or more of several faces has a false positive; different people, so taken to be independent. */
function ofSeveral({ rate, lower95, upper95 }: RateEstimate, faceCount: number): FpirSpan {
  const ofAny = (one: number) => -Math.expm1(Math.max(1, faceCount) * Math.log1p(-Math.min(one, 1 - 1e-12)))
  return { rate: ofAny(rate), lower95: ofAny(lower95), upper95: ofAny(upper95) }
}
