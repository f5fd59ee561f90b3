import { intersectionOverUnion, shareInside, type DetectedFace, type Point } from '../../domain/face.js'
import type { RgbImage } from '../../domain/image.js'
import { LIMITS } from '../../domain/limits.js'
import type { ModelDescription } from '../../domain/models.js'
import type { ModelRunner } from '../../domain/ports.js'
import { reduce, searchSizesPx } from './pyramid.js'
import { toTensor } from './tensor.js'
import { decodeYunet, YUNET_PAD } from './yunet.js'

/** Least detection score of a face that is reported; OpenCV's FaceDetectorYN ships with 0.6 too. */
const SCORE_MIN = 0.6
/** Two boxes that share more than this are one face (greedy suppression, as in YuNet's own evaluation). */
const OVERLAP_MAX = 0.4
/**
 * A box of which this share lies in a surer face's box that is at least half as wide again is a part of that face: searched at 1,280 px,
 * an eye or a mouth that fills a third of the image looks like a face to a small detector. Nobody's face is seen through another's.
 */
const PART = { shareInside: 0.8, widthRatio: 1.5 } as const

/**
 * Finds all faces, searching large images at more than one size.
 * @returns at most `LIMITS.facesMax` faces in pixels of `image`, the largest first
 */
export async function detectFaces(
  image: RgbImage,
  detector: ModelDescription,
  runner: ModelRunner,
): Promise<readonly DetectedFace[]> {
  const found: DetectedFace[] = []
  let reduced = image
  for (const sizePx of searchSizesPx(image)) {
    reduced = reduce(reduced, sizePx) // of the size before, not of the original: a third of the time
    const faces = await detectIn(reduced, detector, runner)
    found.push(...faces.map((f) => scaled(f, image.widthPx / reduced.widthPx, image.heightPx / reduced.heightPx)))
  }
  return suppress(found)
    .toSorted((a, b) => area(b) - area(a))
    .slice(0, LIMITS.facesMax)
}

async function detectIn(
  image: RgbImage,
  detector: ModelDescription,
  runner: ModelRunner,
): Promise<readonly DetectedFace[]> {
  const widthPx = padded(image.widthPx)
  const outputs = await runner.run(detector, toTensor([image], detector.input, widthPx, padded(image.heightPx)))
  return decodeYunet(outputs, widthPx, SCORE_MIN)
}

function padded(px: number): number {
  return Math.ceil(px / YUNET_PAD) * YUNET_PAD
}

/** The same face in an image that is `sx` times as wide and `sy` times as high. */
export function scaled(face: DetectedFace, sx: number, sy: number): DetectedFace {
  const at = (p: Point): Point => ({ x: p.x * sx, y: p.y * sy })
  const [a, b, c, d, e] = face.landmarks
  return {
    score: face.score,
    box: { x: face.box.x * sx, y: face.box.y * sy, width: face.box.width * sx, height: face.box.height * sy },
    landmarks: [at(a), at(b), at(c), at(d), at(e)],
  }
}

/** Greedy non-maximum suppression: of overlapping boxes the one with the highest score stays, and no part of a face is one. */
function suppress(faces: readonly DetectedFace[]): DetectedFace[] {
  const kept: DetectedFace[] = []
  for (const face of faces.toSorted((a, b) => b.score - a.score))
    if (kept.every((other) => intersectionOverUnion(other.box, face.box) <= OVERLAP_MAX && !isPart(face, other)))
      kept.push(face)
  return kept
}

function isPart(face: DetectedFace, whole: DetectedFace): boolean {
  return whole.box.width >= PART.widthRatio * face.box.width && shareInside(face.box, whole.box) >= PART.shareInside
}

function area(face: DetectedFace): number {
  return face.box.width * face.box.height
}
