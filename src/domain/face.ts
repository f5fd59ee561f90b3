/** A point in image pixels: x to the right, y down, the origin at the top left corner of the top left pixel. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** An upright rectangle in image pixels; it may reach outside the image when a face is cut off. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Five landmarks, in this order: right eye, left eye, tip of the nose, right and left corner of the mouth.
 * Right and left are the person's own, so in an upright frontal image the right eye has the smaller x.
 */
export type FaceLandmarks = readonly [Point, Point, Point, Point, Point]

export interface DetectedFace {
  readonly box: Box
  readonly landmarks: FaceLandmarks
  /** The detector's own score, 0 to 1, greater is surer. */
  readonly score: number
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** Distance between the eye centres in pixels (ISO/IEC 19794-5 calls it the inter-eye distance). */
export function interEyeDistancePx(face: DetectedFace): number {
  return distance(face.landmarks[0], face.landmarks[1])
}

/** Intersection over union of two boxes, 0 to 1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const intersection = intersectionArea(a, b)
  return intersection === 0 ? 0 : intersection / (a.width * a.height + b.width * b.height - intersection)
}

/** Share of the first box's area that lies in the second, 0 to 1. */
export function shareInside(inner: Box, outer: Box): number {
  return intersectionArea(inner, outer) / (inner.width * inner.height)
}

function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width <= 0 || height <= 0 ? 0 : width * height
}
