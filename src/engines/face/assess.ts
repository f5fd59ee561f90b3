import type { DetectedFace } from '../../domain/face.js'
import type { ImageInfo, RgbImage } from '../../domain/image.js'
import type { ModelRunner } from '../../domain/ports.js'
import { QUALITY_MEASURES, type QualityComponent, type QualityReport } from '../../domain/quality.js'
import { alignForMeasuring } from './align.js'
import { prominentIndexes } from './choose.js'
import { scaled } from './detect.js'
import { measureFraming } from './measures/framing.js'
import { measureLight } from './measures/light.js'
import { measureHeadPose, measureRecognisability } from './measures/models.js'
import { measurePose } from './measures/pose.js'
import { measureSize } from './measures/size.js'
import { modelName, type FaceModels } from './models.js'

/** Whatever the quality model says, a face is no better than these make it: it saw only an enlarged, padded crop. */
const DECISIVE = ['recognisability', 'face-size', 'inter-eye-distance', 'cut-off']

/**
 * Quality of the faces at `indexes`, with the reasons.
 *
 * The unified figure is the least of recognisability (quality model), size and cut-off; where no quality model is
 * installed, the least of all measures of the face itself. The other measures explain and advise.
 * @param faces all faces, in pixels of `image`
 * @param info of the original, whose pixels sizes are reported in
 */
export async function assessFaces(
  indexes: readonly number[],
  faces: readonly DetectedFace[],
  image: RgbImage,
  info: ImageInfo,
  models: FaceModels,
  runner: ModelRunner,
): Promise<readonly QualityReport[]> {
  if (indexes.length === 0) return []
  const chosen = indexes.map((index) => faces[index] as DetectedFace)
  const recognisability = models.quality ? await measureRecognisability(models.quality, image, chosen, runner) : []
  const poses = models.headPose ? await measureHeadPose(models.headPose, image, chosen, runner) : []
  const prominentCount = prominentIndexes(faces).length
  const scale = info.widthPx / image.widthPx
  return chosen.map((face, i) => {
    const original = scaled(face, scale, scale)
    return report(models, [
      ...recognisability.slice(i, i + 1),
      ...measureSize(original),
      ...measureLight(alignForMeasuring(image, face)),
      ...measurePose(face, poses[i] ?? null),
      ...measureFraming(original, info.widthPx, info.heightPx, prominentCount),
    ])
  })
}

function report(models: FaceModels, components: readonly QualityComponent[]): QualityReport {
  const decisive = models.quality ? DECISIVE : QUALITY_MEASURES.filter((measure) => measure !== 'several-faces')
  return {
    quality: Math.min(...components.filter((c) => decisive.includes(c.measure)).map((c) => c.quality)),
    algorithm: models.quality ? modelName(models.quality) : 'measured',
    components: components.toSorted(
      (a, b) => QUALITY_MEASURES.indexOf(a.measure) - QUALITY_MEASURES.indexOf(b.measure),
    ),
  }
}
