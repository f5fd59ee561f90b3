import { alignFor } from '../../src/engines/face/align.js'
import { chooseFaces } from '../../src/engines/face/choose.js'
import { detectFaces } from '../../src/engines/face/detect.js'
import { extractTemplates } from '../../src/engines/face/extract.js'
import type { FaceModels } from '../../src/engines/face/models.js'
import { fitSimilarity } from '../../src/engines/face/similarity.js'
import type { DetectedFace, Point } from '../../src/domain/face.js'
import type { RgbImage } from '../../src/domain/image.js'
import type { ModelDescription } from '../../src/domain/models.js'
import type { ImageDecoder, ModelRunner } from '../../src/domain/ports.js'

/** Pixels around the recogniser's crop, so that shifts, turns and warps of the training find real pixels there. */
export const MARGIN_PX = 8

/** A face as the training wants it. */
export interface FaceCrop {
  /** The recogniser's aligned crop with `MARGIN_PX` more on each side. */
  readonly image: RgbImage
  /** Its five landmarks in pixels of `image`. */
  readonly landmarks: readonly Point[]
  /** The teacher's template of the face, cut from the original image as the product does. */
  readonly teacher: Float32Array
}

/** Cuts faces out with the product's own detection and alignment. */
export class FaceCropper {
  readonly #decoder: ImageDecoder
  readonly #runner: ModelRunner
  readonly #models: FaceModels
  readonly #canvas: ModelDescription

  /** @param student how the student's crop is aligned: a recogniser of the manifest */
  constructor(decoder: ImageDecoder, runner: ModelRunner, models: FaceModels, student: ModelDescription) {
    this.#decoder = decoder
    this.#runner = runner
    this.#models = models
    this.#canvas = withMargin(student)
  }

  /** The face in the middle; null where none is found. */
  async crop(bytes: Uint8Array): Promise<FaceCrop | null> {
    const { image } = await this.#decoder.decode(bytes)
    const faces = await detectFaces(image, this.#models.detector, this.#runner)
    const choice = chooseFaces(faces, image, 'most-central')
    if ('refusal' in choice) return null
    const face = faces[choice.indexes[0]!] as DetectedFace
    const crops = this.#models.recognisers.map((model) => alignFor(model, image, face))
    const [template] = await extractTemplates([crops], this.#models, this.#runner)
    return {
      image: alignFor(this.#canvas, image, face),
      landmarks: movedLandmarks(face, this.#canvas),
      teacher: template!.features,
    }
  }
}

function withMargin(model: ModelDescription): ModelDescription {
  const { alignment, input } = model
  if (alignment?.kind !== 'five-points' || input.widthPx === null || input.heightPx === null)
    throw new Error(`model ${model.id} is not aligned by five points`)
  const [a, b, c, d, e] = alignment.points
  const moved = ({ x, y }: Point): Point => ({ x: x + MARGIN_PX, y: y + MARGIN_PX })
  return {
    ...model,
    input: { ...input, widthPx: input.widthPx + 2 * MARGIN_PX, heightPx: input.heightPx + 2 * MARGIN_PX },
    alignment: { kind: 'five-points', points: [moved(a), moved(b), moved(c), moved(d), moved(e)] },
  }
}

function movedLandmarks(face: DetectedFace, { alignment }: ModelDescription): readonly Point[] {
  const points = alignment?.kind === 'five-points' ? alignment.points : []
  const move = fitSimilarity(face.landmarks, points)
  if (move === null) return points // landmarks that coincide: the crop is then a plain box
  const { a, b, tx, ty } = move
  return face.landmarks.map(({ x, y }) => ({ x: a * x - b * y + tx, y: b * x + a * y + ty }))
}
