import type { FaceAnalysis } from '../domain/analysis.js'
import { checkAlive, type CallContext } from '../domain/context.js'
import { invalid } from '../domain/errors.js'
import type { FingerAnalysis, FingerInput } from '../domain/finger-analysis.js'
import type { FingerPosition, NormalisedMinutiae } from '../domain/finger.js'
import type { GalleryPolicy } from '../domain/gallery.js'
import type { FingerReport } from '../domain/identification.js'
import { LIMITS } from '../domain/limits.js'
import type { Analysers } from '../domain/ports.js'
import { checkImageBytes } from './requests.js'

/** Samples of one person at one moment. */
export interface ProbeSamples {
  readonly image: Uint8Array | null
  readonly fingers: readonly FingerInput[]
}

/** What was found in them. */
export interface AnalysedProbe {
  /** Null when there is no face image. */
  readonly face: FaceAnalysis | null
  readonly fingers: readonly FingerAnalysis[]
}

/** The impressions of one finger position; several are one part, of which the best counts. */
export interface FingerOfProbe {
  readonly position: FingerPosition
  readonly impressions: readonly NormalisedMinutiae[]
}

/** @param imageField the request's field of the face image. @throws DomainError INVALID_ARGUMENT, LIMIT_EXCEEDED */
export function checkProbe({ image, fingers }: ProbeSamples, imageField: string, fingersField: string): void {
  if (image === null && fingers.length === 0) throw invalid(imageField, 'a face image or a finger', 'nothing')
  if (image !== null) checkImageBytes(imageField, image)
  if (fingers.length > LIMITS.samplesPerEncounterMax)
    throw invalid(fingersField, `at most ${LIMITS.samplesPerEncounterMax} fingers`, String(fingers.length))
}

/** `face → fingers`, each once. @throws whatever the analysers throw; a sample that is not good enough is an outcome */
export async function analyseProbe(
  analysers: Analysers,
  { image, fingers }: ProbeSamples,
  { multiFace, minimumQuality }: Pick<GalleryPolicy, 'multiFace' | 'minimumQuality'>,
  context: CallContext,
): Promise<AnalysedProbe> {
  const request = { multiFace: fingersWith(multiFace, fingers), minimumQuality, purpose: 'template' } as const
  const face = image === null ? null : await analysers.face.analyse({ ...request, image }, context)
  const analyses: FingerAnalysis[] = []
  for (const finger of fingers) {
    checkAlive(context)
    analyses.push(await analysers.finger.analyse(finger, minimumQuality, context))
  }
  checkAlive(context)
  return { face, fingers: analyses }
}

/** Fingers belong to one person: with them an image is searched for one face only. */
function fingersWith(policy: GalleryPolicy['multiFace'], fingers: readonly FingerInput[]): GalleryPolicy['multiFace'] {
  return fingers.length > 0 && policy === 'all' ? 'reject-several' : policy
}

/** The usable fingers by position, in the order of their first mention. */
export function fingersOf({ fingers }: AnalysedProbe): readonly FingerOfProbe[] {
  const byPosition = new Map<FingerPosition, NormalisedMinutiae[]>()
  for (const analysis of fingers) {
    if (analysis.outcome !== 'extracted') continue
    for (const { position, minutiae } of analysis.fingers) {
      const impressions = byPosition.get(position) ?? []
      impressions.push(minutiae)
      byPosition.set(position, impressions)
    }
  }
  return [...byPosition].map(([position, impressions]) => ({ position, impressions }))
}

export function fingerReports({ fingers }: AnalysedProbe): readonly FingerReport[] {
  return fingers.flatMap((analysis) => {
    if (analysis.outcome !== 'extracted') return []
    const { format, extractor } = analysis
    return analysis.fingers.map(({ position, quality, minutiaeCount }) => {
      return { position, quality, minutiaeCount, format, extractor }
    })
  })
}

/** Why samples could not be used, and what was wrong with those that could; sentences for the operator. */
export function probeReasons({ face, fingers }: AnalysedProbe): readonly string[] {
  return [
    ...(face?.outcome === 'refused' ? face.refusal.reasons : []),
    ...fingers.flatMap((finger) => (finger.outcome === 'refused' ? finger.refusal.reasons : [])),
  ]
}
