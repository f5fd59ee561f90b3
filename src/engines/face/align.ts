import { distance, type DetectedFace, type Point } from '../../domain/face.js'
import type { RgbImage } from '../../domain/image.js'
import type { AlignmentTemplate, ModelDescription } from '../../domain/models.js'
import { fitSimilarity, inverse, type Similarity } from './similarity.js'
import { warp } from './warp.js'

/**
 * Cuts a face out as one model wants it: at the model's own size, its landmarks moved to the model's own template by
 * the least-squares similarity.
 */
export function alignFor(model: ModelDescription, image: RgbImage, face: DetectedFace): RgbImage {
  const { widthPx, heightPx } = model.input
  if (widthPx === null || heightPx === null || model.alignment === null)
    throw new Error(`model ${model.id} takes no aligned crop`)
  return warp(image, cropToImage(model.alignment, face, widthPx), widthPx, heightPx)
}

/** The transform from crop pixels to image pixels. */
function cropToImage(template: AlignmentTemplate, face: DetectedFace, sidePx: number): Similarity {
  if (template.kind === 'box') return squareAround(face, sidePx, template.scale)
  const toCrop =
    template.kind === 'five-points'
      ? fitSimilarity(face.landmarks, template.points)
      : fitSimilarity(eyesAndMouth(face), template.points)
  // Landmarks that coincide come from a degenerate detection; the plain box is then the best guess.
  return toCrop === null ? squareAround(face, sidePx, 1) : inverse(toCrop)
}

function eyesAndMouth(face: DetectedFace): readonly [Point, Point, Point] {
  const [rightEye, leftEye, , rightMouth, leftMouth] = face.landmarks
  return [rightEye, leftEye, { x: (rightMouth.x + leftMouth.x) / 2, y: (rightMouth.y + leftMouth.y) / 2 }]
}

/** An upright square around the face box, `scale` times its longer side. */
function squareAround(face: DetectedFace, sidePx: number, scale: number): Similarity {
  const { x, y, width, height } = face.box
  const a = Math.max((Math.max(width, height) * scale) / sidePx, 1e-6)
  const middle = (sidePx - 1) / 2
  return { a, b: 0, tx: x + width / 2 - a * middle - 0.5, ty: y + height / 2 - a * middle - 0.5 }
}

/** Size of the upright crop that the measurements of `assess` are made on. */
export const MEASURE_CROP_PX = 128
/** Eyes at 48 px from each other, a little above the middle: brows to chin of an average face fill the crop. */
const MEASURE_EYES: readonly [Point, Point] = [
  { x: 40, y: 50 },
  { x: 88, y: 50 },
]

/** The crop that sharpness, exposure and contrast are measured on: the eyes level, 48 px apart. */
export function alignForMeasuring(image: RgbImage, face: DetectedFace): RgbImage {
  const [rightEye, leftEye] = face.landmarks
  const toCrop = distance(rightEye, leftEye) < 1 ? null : fitSimilarity([rightEye, leftEye], MEASURE_EYES)
  const toImage = toCrop === null ? squareAround(face, MEASURE_CROP_PX, 1) : inverse(toCrop)
  return warp(image, toImage, MEASURE_CROP_PX, MEASURE_CROP_PX)
}
