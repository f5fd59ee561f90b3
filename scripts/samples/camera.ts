import type { Vec3 } from './vec.js'

/** A pinhole camera that looks along −z at the head. Pixels: x to the right, y down, supersampled. */
export interface Camera {
  readonly width: number
  readonly height: number
  readonly distanceCm: number // from the origin of head space
  readonly focalPx: number
  readonly centre: readonly [number, number] // the pixel that head space's origin falls on
}

/** Scene samples per output pixel, along each axis: enough to smooth hair and lashes. */
export const SUPERSAMPLING = 2

/** Column, row and depth (centimetres from the camera) of a point. */
export function project(camera: Camera, x: number, y: number, z: number): Vec3 {
  const depth = camera.distanceCm - z
  const factor = camera.focalPx / depth
  return [camera.centre[0] + x * factor, camera.centre[1] - y * factor, depth]
}

/** Pixels per centimetre at a depth. */
export const pixelsPerCm = (camera: Camera, depth: number): number => camera.focalPx / depth
