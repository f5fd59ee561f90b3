import type { NormalisedMinutiae } from '../../domain/finger.js'
import { COHORT_MINUTIAE } from './cohort-minutiae.js'
import { prepareFinger, type FingerFeatures } from './features.js'
import type { FingerModel } from './model.js'

/** Bytes of a packed minutia: x and y as int16 (little-endian), the angle in 256ths of a turn, the quality. */
const MINUTIA_BYTES = 6
const TURN = 2 * Math.PI

const prepared = new WeakMap<FingerModel, readonly FingerFeatures[]>()

/**
 * Impressions that no probe and no reference is of. What they have in common with a reference, anybody may have: it tells how
 * much of a vote for it is chance. Prepared once for each model and thread: 0.1 s.
 */
export function cohortFor(model: FingerModel): readonly FingerFeatures[] {
  const cohort = prepared.get(model) ?? unpackCohort(COHORT_MINUTIAE).map((minutiae) => prepareFinger(minutiae, model))
  prepared.set(model, cohort)
  return cohort
}

/** Base64 of, for each impression, the number of its minutiae in a byte (at most 255), then these. Types are not kept: nothing votes by them. */
export function packCohort(impressions: readonly NormalisedMinutiae[]): string {
  const parts = impressions.map(({ x, y, angleRad, quality }) => {
    const bytes = Buffer.alloc(1 + MINUTIA_BYTES * x.length)
    bytes.writeUInt8(x.length)
    for (let i = 0; i < x.length; i++) {
      const at = 1 + MINUTIA_BYTES * i
      bytes.writeInt16LE(Math.round(x[i]!), at)
      bytes.writeInt16LE(Math.round(y[i]!), at + 2)
      bytes.writeUInt8(Math.round((angleRad[i]! / TURN) * 256) & 255, at + 4)
      bytes.writeUInt8(quality[i]!, at + 5)
    }
    return bytes
  })
  return Buffer.concat(parts).toString('base64')
}

export function unpackCohort(packed: string): readonly NormalisedMinutiae[] {
  const bytes = Buffer.from(packed, 'base64')
  const impressions: NormalisedMinutiae[] = []
  for (let at = 0; at < bytes.length; at += 1 + MINUTIA_BYTES * bytes.readUInt8(at)) {
    const start = at + 1
    const read = (value: (minutia: number) => number) =>
      Array.from({ length: bytes.readUInt8(at) }, (_, i) => value(start + MINUTIA_BYTES * i))
    impressions.push({
      x: Float32Array.from(read((minutia) => bytes.readInt16LE(minutia))),
      y: Float32Array.from(read((minutia) => bytes.readInt16LE(minutia + 2))),
      angleRad: Float32Array.from(read((minutia) => (bytes.readUInt8(minutia + 4) / 256) * TURN)),
      type: Uint8Array.from(read(() => 0)),
      quality: Uint8Array.from(read((minutia) => bytes.readUInt8(minutia + 5))),
    })
  }
  return impressions
}
