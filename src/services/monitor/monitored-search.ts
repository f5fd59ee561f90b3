import type { Calibrations, RateEstimate } from '../../domain/calibration.js'
import type { IdentificationResult, PartEvidence } from '../../domain/identification.js'
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
export function monitoredSearch(result: IdentificationResult, calibrations: Calibrations): MonitoredSearch | null {
  if (result.outcome === 'inconclusive' || result.threshold.source === 'none') return null
  const { candidates, evidence, searchId } = result
  const alarmed = new Set(candidates.flatMap(({ galleryIds }) => galleryIds))
  const parts = evidence.parts.filter(({ searchMode }) => searchMode !== null)
  const predict = predictionFor(result, parts, calibrations)
  return {
    searchId,
    algorithm: parts.length === 0 ? evidence.algorithm : [...new Set(parts.map((part) => part.algorithm))].join(' + '),
    galleries: evidence.galleries.map(({ galleryId, referenceCount }) => ({
      galleryId,
      isAlarm: alarmed.has(galleryId),
      predicted: predict?.(referenceCount) ?? null,
    })),
  }
}

/** The rate of a search of one gallery, by its references; null where no calibration says it of these scores. */
function predictionFor(
  { threshold: { scale, score, fpir }, evidence: { algorithm, galleries } }: IdentificationResult,
  parts: readonly PartEvidence[],
  { face, finger }: Calibrations,
): ((referenceCount: number) => FpirSpan) | null {
  if (fpir === null) return null
  const { searchCount } = fpir
  if (scale === 'cosine')
    return face?.algorithm === algorithm ? (count) => ofSeveral(face.fpirAt(score, count), searchCount) : null
  const [alone, ...others] = parts
  if (alone === undefined || others.length > 0 || finger?.algorithm !== alone.algorithm) return null
  // A gallery is counted with all its fingers; the search covered those that can be the probe's.
  const allCount = galleries.reduce((sum, { referenceCount }) => sum + referenceCount, 0)
  const share = allCount === 0 ? 0 : Math.min(1, alone.referencesCoveredCount / allCount)
  return (count) => ofSeveral(finger.fpirAt(score, count * share), searchCount)
}

/** The chance that one or more of several searches has a false positive; taken to be independent. */
function ofSeveral({ rate, lower95, upper95 }: RateEstimate, searchCount: number): FpirSpan {
  const ofAny = (one: number) => -Math.expm1(Math.max(1, searchCount) * Math.log1p(-Math.min(one, 1 - 1e-12)))
  return { rate: ofAny(rate), lower95: ofAny(lower95), upper95: ofAny(upper95) }
}
