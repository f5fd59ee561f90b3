import { CELL_COUNT } from '../../src/engines/finger/cylinder.js'
import { EVIDENCE_NAMES } from '../../src/engines/finger/evidence.js'
import { checksumOf, FORMAT, type FingerModelContent } from '../../src/engines/finger/model-file.js'
import { DESCRIPTOR_LENGTH, type FingerModel } from '../../src/engines/finger/model.js'

const INT16_MAX = 32_767

/** The projection as the file holds it: whole steps of its greatest magnitude / 32,767. */
export function packProjection(projection: Float32Array): FingerModelContent['projection'] {
  const scale = Math.fround(projection.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / INT16_MAX)
  const packed = Buffer.alloc(2 * projection.length)
  projection.forEach((value, i) => packed.writeInt16LE(clamp(Math.round(value / scale)), 2 * i))
  return { rows: CELL_COUNT, columns: DESCRIPTOR_LENGTH, scale, int16: packed.toString('base64') }
}

function clamp(step: number): number {
  return Math.max(-INT16_MAX, Math.min(INT16_MAX, step))
}

/** The text of the model's file, as `parseFingerModel` reads it. */
export function modelText(
  model: Omit<FingerModel, 'projection'>,
  projection: FingerModelContent['projection'],
): string {
  const { weights, bias } = model.evidence
  const { logOdds, score } = model.calibration
  const content: FingerModelContent = {
    format: FORMAT,
    descriptorVersion: model.descriptorVersion,
    projection,
    evidence: { bias, weights: Object.fromEntries(EVIDENCE_NAMES.map((name, i) => [name, weights[i]!])) },
    calibration: Array.from(logOdds, (value, i) => ({ logOdds: value, score: score[i]! })),
  }
  return `${JSON.stringify({ ...content, sha256: checksumOf(content) }, null, 2)}\n`
}
