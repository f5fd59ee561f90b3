import type { AnalysisRequest, ExtractedFace, FaceAnalysis, FaceReport, Refusal } from '../../src/domain/analysis.js'
import { checkAlive, type CallContext } from '../../src/domain/context.js'
import { DomainError } from '../../src/domain/errors.js'
import type { DetectedFace } from '../../src/domain/face.js'
import type { FaceAlgorithm } from '../../src/domain/models.js'
import type { FaceAnalyser } from '../../src/domain/ports.js'
import type { QualityReport } from '../../src/domain/quality.js'

export const SYNTHETIC_FEATURE_COUNT = 16

/** A face of an image made here: the angle of its template, and its quality. */
export interface SyntheticFace {
  readonly angleDeg: number
  /** 0 to 100; 80 unless said. */
  readonly quality?: number
  /** Side of its box; 100 unless said. */
  readonly sidePx?: number
  /** Left edge of its box; 0 unless said. */
  readonly x?: number
}

/** An image of one face whose template stands at `angleDeg`: two of them compare as the cosine of their difference. */
export function aFace(angleDeg: number, quality = 80): Uint8Array {
  return anImageOf({ angleDeg, quality })
}

/** An image of several faces, or none. */
export function anImageOf(...faces: readonly SyntheticFace[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ faces }))
}

/** A unit vector at this angle in the plane of the first two features. */
export function featuresAt(angleDeg: number, featureCount = SYNTHETIC_FEATURE_COUNT): Float32Array {
  const features = new Float32Array(featureCount)
  features[0] = Math.cos((angleDeg * Math.PI) / 180)
  features[1] = Math.sin((angleDeg * Math.PI) / 180)
  return features
}

/**
 * A face analyser that needs no weights: it reads images made by `anImageOf`, which say what is in them.
 * Everything else is as with a real one: which faces are used, what is refused, which errors bad bytes give.
 */
export class SyntheticAnalyser implements FaceAnalyser {
  /** Images analysed so far: tells whether a replayed call did the work again. */
  analysedCount = 0
  readonly algorithm: FaceAlgorithm

  constructor(algorithm = 'circle@000000000001') {
    this.algorithm = {
      algorithm,
      spaceId: 'circle',
      featureCount: SYNTHETIC_FEATURE_COUNT,
      modelIds: ['compass@000000000001'],
      operatingPoints: [
        { fmr: 1e-3, score: 0.5 },
        { fmr: 1e-4, score: 0.8 },
      ],
      defaultFmr: 1e-3,
      measuredOn: 'nobody: scores are cosines of known angles',
    }
  }

  async analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis> {
    checkAlive(context)
    this.analysedCount++
    const seen = readFaces(request.image)
    const common = {
      image: { format: 'png', widthPx: 640, heightPx: 480 } as const,
      timingsMs: { decode: 0, detect: 0 },
    }
    if (request.purpose === 'quality')
      return { ...common, outcome: 'assessed', faces: seen.map((face) => reportOf(face, true)) }

    const used = choose(seen, request)
    const faces = seen.map((face) => reportOf(face, used.includes(face)))
    const refusal = refusalOf(seen, used, request)
    if (refusal !== null) return { ...common, outcome: 'refused', faces, refusal }
    return { ...common, outcome: 'extracted', faces, extracted: used.map((face) => this.#extract(face, seen)) }
  }

  #extract(face: SyntheticFace, seen: readonly SyntheticFace[]): ExtractedFace {
    const template = { algorithm: this.algorithm.algorithm, features: featuresAt(face.angleDeg) }
    return { faceIndex: seen.indexOf(face), quality: qualityOf(face), template }
  }
}

function readFaces(image: Uint8Array): readonly SyntheticFace[] {
  try {
    return (JSON.parse(new TextDecoder().decode(image)) as { faces: SyntheticFace[] }).faces
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', 'an image', 'bytes that hold none', { cause })
  }
}

/** `reject-several` uses none of several. */
function choose(faces: readonly SyntheticFace[], { multiFace }: AnalysisRequest): readonly SyntheticFace[] {
  if (multiFace === 'all') return faces
  if (multiFace === 'reject-several') return faces.length === 1 ? faces : []
  const centreDistance = ({ x = 0, sidePx = 100 }: SyntheticFace): number => Math.abs(x + sidePx / 2 - 320)
  const better = (a: SyntheticFace, b: SyntheticFace): number =>
    multiFace === 'largest' ? (b.sidePx ?? 100) - (a.sidePx ?? 100) : centreDistance(a) - centreDistance(b)
  return faces.toSorted(better).slice(0, 1)
}

function refusalOf(
  seen: readonly SyntheticFace[],
  used: readonly SyntheticFace[],
  { minimumQuality }: AnalysisRequest,
): Refusal | null {
  if (seen.length === 0) return { code: 'NO_FACE', reasons: ['No face was found.'] }
  if (used.length === 0) return { code: 'MULTIPLE_FACES', reasons: ['Several faces were found; show one.'] }
  const isPoor = used.some((face) => qualityOf(face).quality < minimumQuality)
  return isPoor ? { code: 'QUALITY_TOO_LOW', reasons: ['The face is blurred; hold still.'] } : null
}

function reportOf(face: SyntheticFace, isUsed: boolean): FaceReport {
  return { face: detectionOf(face), quality: isUsed ? qualityOf(face) : null }
}

function detectionOf({ x = 0, sidePx = 100 }: SyntheticFace): DetectedFace {
  const at = (across: number, down: number): { x: number; y: number } => ({ x: x + across * sidePx, y: down * sidePx })
  return {
    box: { x, y: 0, width: sidePx, height: sidePx },
    landmarks: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)],
    score: 0.99,
  }
}

function qualityOf({ quality = 80 }: SyntheticFace): QualityReport {
  return { quality, algorithm: 'measured', components: [] }
}
