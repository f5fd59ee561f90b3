import { createHash } from 'node:crypto'
import type { CalibrationSource } from '../../domain/calibration.js'
import { DomainError } from '../../domain/errors.js'
import { FORMAT, type CalibrationContent, type CalibrationKnot } from './content.js'

/** A file takes about 10 kB; a larger one is none. */
export const CALIBRATION_BYTES_MAX = 1_000_000
const KNOTS_MAX = 1000
const MARGIN_MAX = 3
const KNOT_FIELDS = ['score', 'fmr', 'fmrLower95', 'fmrUpper95', 'fnmr', 'llr', 'shape'] as const
const TEXTS = ['data', 'date', 'command'] as const
const COUNTS = ['personCount', 'sampleCount', 'nonMatedCount', 'matedCount', 'matedPersonCount'] as const

/** JSON with a checksum as its last field, a knot on each line. The same content gives the same bytes. */
export function writeCalibration(content: CalibrationContent): string {
  const { knots, ...head } = content
  const lines = JSON.stringify({ ...head, knots: [] }, null, 2).split('\n')
  const rows = knots.map((knot) => `    ${JSON.stringify(knot)}`).join(',\n')
  const text = lines.slice(0, -2).join('\n') // without `"knots": []` and the last brace
  return `${text}\n  "knots": [\n${rows}\n  ],\n  "sha256": "${checksumOf(content)}"\n}\n`
}

/**
 * Reads what `writeCalibration` wrote.
 * @throws DomainError PARSE_ERROR where the file is not whole, or holds what no calibration can be
 */
export function parseCalibration(bytes: Uint8Array): CalibrationContent {
  if (bytes.length > CALIBRATION_BYTES_MAX) throw fault(`at most ${CALIBRATION_BYTES_MAX} bytes`, `${bytes.length}`)
  const { sha256, ...content } = parseJson(bytes)
  if (content.format !== FORMAT) throw fault(`the format ${FORMAT}`, 'another one')
  if (sha256 !== checksumOf(content)) throw fault('the checksum of its content', 'another one')
  // Who writes a right checksum under a wrong shape made a wrong file, and is told what is wrong with it.
  const { algorithm, source, resolution, marginDecades, knots } = content as unknown as Partial<CalibrationContent>
  if (typeof algorithm !== 'string' || algorithm === '') throw fault('the name of a template space', 'none')
  if (!isRate(resolution) || resolution === 0) throw fault('a resolution over 0 and up to 1', 'another one')
  if (marginDecades !== undefined && !(marginDecades > 0 && marginDecades <= MARGIN_MAX))
    throw fault(`a margin over 0 and up to ${MARGIN_MAX} powers of ten`, 'another one')
  checkSource(source)
  checkKnots(knots)
  return content as unknown as CalibrationContent
}

function checksumOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

function parseJson(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', 'JSON in the calibration', 'something else', { cause })
  }
  throw fault('an object', 'something else')
}

function checkSource(source: Partial<CalibrationSource> | undefined): void {
  const hasTexts = TEXTS.every((name) => typeof source?.[name] === 'string')
  const hasCounts = COUNTS.every((name) => Number.isSafeInteger(source?.[name]) && source![name]! > 0)
  if (!hasTexts || !hasCounts) throw fault('what it was made from, with its counts', 'something else')
}

function checkKnots(knots: readonly CalibrationKnot[] | undefined): void {
  if (!Array.isArray(knots) || knots.length < 2 || knots.length > KNOTS_MAX)
    throw fault(`2 to ${KNOTS_MAX} knots`, 'another number')
  ;(knots as readonly CalibrationKnot[]).forEach((knot, i, all) => {
    if (!KNOT_FIELDS.every((name) => Number.isFinite((knot as CalibrationKnot | null)?.[name])))
      throw fault('numbers in every knot', 'others')
    const { fmr, fmrLower95, fmrUpper95, fnmr, shape } = knot
    const isOrdered = 0 < fmrLower95 && fmrLower95 <= fmr && fmr <= fmrUpper95 && fmrUpper95 <= 1
    if (!isOrdered || !isRate(fnmr) || !(shape > 0)) throw fault('rates of 0 to 1 within their intervals', 'others')
    const before = all[i - 1]
    if (before !== undefined && !follows(before, knot))
      throw fault('scores that rise while false matches fall', 'others')
  })
}

function follows(before: CalibrationKnot, knot: CalibrationKnot): boolean {
  return (
    knot.score > before.score &&
    knot.fmr <= before.fmr &&
    knot.fnmr >= before.fnmr &&
    knot.llr >= before.llr &&
    knot.shape <= before.shape
  )
}

function isRate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function fault(expected: string, got: string): DomainError {
  return new DomainError('PARSE_ERROR', `${expected} in the calibration`, got)
}
