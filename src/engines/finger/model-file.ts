import { createHash } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import { CELL_COUNT } from './cylinder.js'
import { EVIDENCE_NAMES } from './evidence.js'
import { DESCRIPTOR_LENGTH, type FingerModel } from './model.js'

/** What models/finger/minutiae-v1.json holds: everything but the checksum, in this order. */
export interface FingerModelContent {
  readonly format: typeof FORMAT
  readonly descriptorVersion: string
  readonly projection: {
    readonly rows: number
    readonly columns: number
    /** What one step of the int16 values is worth. */
    readonly scale: number
    /** Row by row, little-endian, in base64. */
    readonly int16: string
  }
  readonly evidence: { readonly bias: number; readonly weights: Readonly<Record<string, number>> }
  readonly calibration: readonly { readonly logOdds: number; readonly score: number }[]
}

export const FORMAT = 'portcullis-finger-model-1'
/** The file takes about 60 kB; a larger one is none. */
const BYTES_MAX = 1_000_000
const KNOTS_MAX = 1000

/**
 * Reads the matcher's constants.
 * @throws DomainError PARSE_ERROR where the file is not whole or not of this version's shape
 */
export function parseFingerModel(bytes: Uint8Array): FingerModel {
  if (bytes.length > BYTES_MAX) throw fault(`at most ${BYTES_MAX} bytes`, `${bytes.length}`)
  const { sha256, ...content } = parseJson(bytes)
  if (content.format !== FORMAT) throw fault(`the format ${FORMAT}`, 'another one')
  if (sha256 !== checksumOf(content)) throw fault('the checksum of its content', 'another one')
  // Who writes a right checksum under a wrong shape made a wrong file, and is told what is wrong with it.
  const { descriptorVersion, projection, evidence, calibration } = content as unknown as FingerModelContent
  if (typeof descriptorVersion !== 'string' || descriptorVersion === '')
    throw fault('a descriptor version', 'nothing of the kind')
  return {
    descriptorVersion,
    projection: readProjection(projection),
    evidence: readEvidence(evidence),
    calibration: readCalibration(calibration),
  }
}

/** SHA-256 (hex) of the content's JSON without spaces, keys in their order. */
export function checksumOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

function parseJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', 'JSON in the finger model', 'something else', { cause })
  }
  throw fault('an object', 'something else')
}

function readProjection(projection: FingerModelContent['projection'] | undefined): Float32Array {
  if (projection?.rows !== CELL_COUNT || projection.columns !== DESCRIPTOR_LENGTH)
    throw fault(`a projection of ${CELL_COUNT} × ${DESCRIPTOR_LENGTH}`, 'another shape')
  if (!Number.isFinite(projection.scale) || projection.scale <= 0) throw fault('a scale over 0', 'something else')
  const packed = Buffer.from(projection.int16, 'base64')
  if (packed.length !== 2 * CELL_COUNT * DESCRIPTOR_LENGTH)
    throw fault(`${2 * CELL_COUNT * DESCRIPTOR_LENGTH} bytes of projection`, `${packed.length}`)
  return Float32Array.from({ length: packed.length / 2 }, (_, i) => packed.readInt16LE(2 * i) * projection.scale)
}

function readEvidence(evidence: FingerModelContent['evidence'] | undefined): FingerModel['evidence'] {
  const weights = EVIDENCE_NAMES.map((name) => evidence?.weights[name])
  if (!Number.isFinite(evidence?.bias) || !weights.every(Number.isFinite))
    throw fault(`a bias and weights of ${EVIDENCE_NAMES.join(', ')}`, 'others')
  return { bias: evidence!.bias, weights: Float64Array.from(weights as number[]) }
}

function readCalibration(knots: FingerModelContent['calibration'] | undefined): FingerModel['calibration'] {
  if (!Array.isArray(knots) || knots.length < 2 || knots.length > KNOTS_MAX)
    throw fault(`2 to ${KNOTS_MAX} knots of the calibration`, 'another number')
  const logOdds = Float64Array.from(knots, (knot: FingerModelContent['calibration'][number]) => knot.logOdds)
  const score = Float64Array.from(knots, (knot: FingerModelContent['calibration'][number]) => knot.score)
  if (!ascends(logOdds) || !ascends(score) || !(score[0]! >= 0))
    throw fault('a calibration that ascends from 0', 'another one')
  return { logOdds, score }
}

function ascends(values: Float64Array): boolean {
  return values.every((value, i) => Number.isFinite(value) && (i === 0 || value > values[i - 1]!))
}

function fault(expected: string, got: string): DomainError {
  return new DomainError('PARSE_ERROR', `${expected} in the finger model`, got)
}
