import type { AnalysisRequest, FaceAnalysis, FaceReport, Refusal } from '../../domain/analysis.js'
import type { CallContext } from '../../domain/context.js'
import type { DetectedFace } from '../../domain/face.js'
import type { RgbImage } from '../../domain/image.js'
import type { FaceAnalyser, ImageDecoder, ModelRunner } from '../../domain/ports.js'
import { qualityReasons, type QualityReport } from '../../domain/quality.js'
import type { FaceTemplate } from '../../domain/template.js'
import { alignFor } from './align.js'
import { assessFaces } from './assess.js'
import { chooseFaces } from './choose.js'
import { detectFaces, scaled } from './detect.js'
import { extractTemplates, type AlignedFace } from './extract.js'
import type { FaceModels } from './models.js'
import { Stopwatch } from './stopwatch.js'

/** The face pipeline: decode → detect → choose → align → assess → extract, in this thread. */
export class FacePipeline implements FaceAnalyser {
  readonly #decoder: ImageDecoder
  readonly #runner: ModelRunner
  readonly #models: FaceModels

  constructor(decoder: ImageDecoder, runner: ModelRunner, models: FaceModels) {
    this.#decoder = decoder
    this.#runner = runner
    this.#models = models
  }

  get algorithm() {
    return this.#models.algorithm
  }

  async analyse(request: AnalysisRequest, context: CallContext): Promise<FaceAnalysis> {
    const watch = new Stopwatch(context)
    const [models, runner] = [this.#models, this.#runner]

    const { info, image } = await watch.time('decode', () => this.#decoder.decode(request.image))
    const faces = await watch.time('detect', () => detectFaces(image, models.detector, runner))
    const everyone = request.purpose === 'quality'
    const choice = everyone ? { indexes: faces.map((_, i) => i) } : chooseFaces(faces, image, request.multiFace)
    const chosen = 'refusal' in choice ? [] : choice.indexes
    const aligned = await watch.time('align', () => (everyone ? [] : alignFaces(chosen, faces, image, models)))
    const qualities = await watch.time('assess', () => assessFaces(chosen, faces, image, info, models, runner))

    const scale = info.widthPx / image.widthPx
    const finish = () => ({ image: info, faces: reports(faces, chosen, qualities, scale), timingsMs: watch.timingsMs })
    if (everyone) return { outcome: 'assessed', ...finish() }
    if ('refusal' in choice) return { outcome: 'refused', refusal: choice.refusal, ...finish() }
    const usable = chosen.flatMap((faceIndex, i) => {
      const [quality, crops] = [qualities[i] as QualityReport, aligned[i] as AlignedFace]
      return quality.quality < request.minimumQuality ? [] : [{ faceIndex, quality, crops }]
    })
    if (usable.length === 0)
      return { outcome: 'refused', refusal: tooLow(qualities, request.minimumQuality), ...finish() }

    const templates = await watch.time('extract', () =>
      extractTemplates(
        usable.map((face) => face.crops),
        models,
        runner,
      ),
    )
    const extracted = usable.map(({ faceIndex, quality }, i) => ({
      faceIndex,
      quality,
      template: templates[i] as FaceTemplate,
    }))
    return { outcome: 'extracted', extracted, ...finish() }
  }
}

/** Each chosen face as each recogniser of the space wants it. */
function alignFaces(
  chosen: readonly number[],
  faces: readonly DetectedFace[],
  image: RgbImage,
  models: FaceModels,
): readonly AlignedFace[] {
  return chosen.map((index) => models.recognisers.map((model) => alignFor(model, image, faces[index] as DetectedFace)))
}

function reports(
  faces: readonly DetectedFace[],
  chosen: readonly number[],
  qualities: readonly QualityReport[],
  scale: number,
): readonly FaceReport[] {
  return faces.map((face, i) => ({ face: scaled(face, scale, scale), quality: qualities[chosen.indexOf(i)] ?? null }))
}

function tooLow(qualities: readonly QualityReport[], minimum: number): Refusal {
  const best = qualities.reduce((a, b) => (b.quality > a.quality ? b : a))
  const summary = `The quality is ${best.quality} of 100, and the gallery asks for ${minimum}.`
  return { code: 'QUALITY_TOO_LOW', reasons: [...qualityReasons(best), summary] }
}
