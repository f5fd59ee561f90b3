import type { DetectedFace, FaceLandmarks, Point } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { agreement } from './agreement.js'
import type { Detector } from './detectors.js'
import { resized, shifted } from './views.js'

/** Enlargements and shifts in pixels that change nothing about a face. */
const MOVES = [
  [0.92, 3, 5],
  [0.95, 7, 1],
  [0.97, 2, 6],
  [0.99, 5, 3],
  [1.01, 1, 7],
  [1.03, 6, 2],
  [1.05, 4, 4],
  [1.08, 0, 3],
] as const

/**
 * The face with the mean of the landmarks that the detector finds in slightly moved images: what it says apart from its own wavering.
 * A view in which it does not find the face does not count.
 */
export async function steadyFace(detector: Detector, image: RgbImage, face: DetectedFace): Promise<DetectedFace> {
  const found: FaceLandmarks[] = []
  for (const [factor, dx, dy] of MOVES) {
    const scaled = await resized(image, face, face.box.width * factor)
    const view = await shifted(scaled, dx, dy)
    const faces = await detector.find(view.image)
    const seen = faces.find((one) => agreement(view.face, [one]).landmarkError !== null)
    if (seen === undefined) continue
    const [sx, sy] = [scaled.image.widthPx / image.widthPx, scaled.image.heightPx / image.heightPx]
    const back = ({ x, y }: Point): Point => ({ x: (x - dx) / sx, y: (y - dy) / sy })
    found.push(seen.landmarks.map(back) as unknown as FaceLandmarks)
  }
  const mean = face.landmarks.map((point, j) => (found.length === 0 ? point : meanOf(found.map((one) => one[j]!))))
  return { ...face, landmarks: mean as unknown as FaceLandmarks }
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }))
  return { x: sum.x / points.length, y: sum.y / points.length }
}
