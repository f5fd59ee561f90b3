import { DomainError, invalid } from '../../../domain/errors.js'
import type { FingerRecord, FingerView, RecordMinutia } from '../../../domain/finger.js'
import type { FingerFrame } from '../../../domain/finger-codec.js'
import { ANGLE_STEP_RAD, angleCode } from './angles.js'
import { Findings, parseError, type ReadMode } from './findings.js'
import { checkFrame, UNSAID } from './frame.js'
import { RECORD_LIMITS } from './limits.js'
import { checkInside } from './minutiae.js'
import type { ImageFrame } from './view-fields.js'

/** Three or four whole numbers of at most five digits: longer ones cannot be a position in an image. */
const ROW = /^[ \t]*(-?\d{1,5})[ \t]+(-?\d{1,5})[ \t]+(-?\d{1,5})(?:[ \t]+(-?\d{1,5}))?[ \t]*\r?$/
/** Characters of the longest row. */
const ROW_CHARACTERS_MAX = 64

/**
 * NBIS .xyt: text, a row "x y θ" or "x y θ quality" for each minutia. Pixels from the BOTTOM left corner (height − y of
 * the record), θ in whole degrees counter-clockwise and OPPOSITE to the ISO direction (mindtct, xytreps.c). It says
 * nothing of type, size, resolution, finger: types become `other`.
 * @throws DomainError PARSE_ERROR, LIMIT_EXCEEDED, INVALID_ARGUMENT (frame)
 */
export function readXyt(bytes: Uint8Array, mode: ReadMode, callerFrame: FingerFrame | undefined): FingerRecord {
  const frame = checkFrame(callerFrame)
  const bytesMax = RECORD_LIMITS.xytRowsMax * ROW_CHARACTERS_MAX
  if (bytes.length > bytesMax) throw new DomainError('LIMIT_EXCEEDED', `at most ${bytesMax} bytes`, `${bytes.length}`)
  const findings = new Findings(mode)
  const lines = new TextDecoder('latin1').decode(bytes).split('\n')
  const minutiae: RecordMinutia[] = []
  let offset = 0
  for (const [i, line] of lines.entries()) {
    if (line.trim() !== '') minutiae.push(readRow(line, `line ${i + 1}`, offset, frame, findings))
    offset += line.length + 1
    if (minutiae.length > RECORD_LIMITS.xytRowsMax)
      throw new DomainError('LIMIT_EXCEEDED', `at most ${RECORD_LIMITS.xytRowsMax} rows`, 'more')
  }
  return { format: 'xyt', views: [{ ...UNSAID, ...frame, minutiae }], warnings: findings.warnings }
}

function readRow(line: string, name: string, offset: number, frame: ImageFrame, findings: Findings): RecordMinutia {
  const columns = ROW.exec(line)
  if (columns === null) throw parseError(name, offset, '3 or 4 whole numbers', 'something else')
  const [xPx, y, degrees] = columns.slice(1, 4).map(Number) as [number, number, number]
  const yPx = frame.heightPx - y
  checkInside(xPx, yPx, frame, findings, name, offset)
  if (degrees < 0 || degrees > 359)
    findings.quirk(`${name} angle`, offset, '0 to 359', 'another', 'whole turns are taken off')
  const angleRad = angleCode((degrees + 180) * ANGLE_STEP_RAD.degree, ANGLE_STEP_RAD.degree) * ANGLE_STEP_RAD.degree
  return { type: 'other', xPx, yPx, angleRad, quality: readQuality(columns[4], name, offset, findings) }
}

function readQuality(column: string | undefined, name: string, offset: number, findings: Findings): number | null {
  const quality = Number(column ?? 0)
  if (quality === 0) return null
  if (quality > 0 && quality <= 100) return quality
  findings.quirk(`${name} quality`, offset, '0 to 100', 'another', 'it is read as not reported')
  return null
}

/**
 * Holds whole pixels, whole degrees and quality; of everything else nothing: neither types nor the image's size and
 * resolution. The quality column is left out where no minutia has one.
 * @throws DomainError INVALID_ARGUMENT for several views, or where one does not fit
 */
export function writeXyt(views: readonly FingerView[]): Uint8Array {
  const [view] = views
  if (view === undefined || views.length > 1) throw invalid('views', 'one view', String(views.length))
  const { minutiae, widthPx, heightPx } = view
  if (minutiae.length > RECORD_LIMITS.xytRowsMax)
    throw invalid('views[0].minutiae', `at most ${RECORD_LIMITS.xytRowsMax}`, String(minutiae.length))
  const hasQuality = minutiae.some(({ quality }) => quality !== null)
  const rows = minutiae.map(({ xPx, yPx, angleRad, quality }) => {
    if (!(xPx >= 0 && yPx >= 0 && xPx < widthPx && yPx < heightPx) || !Number.isFinite(angleRad))
      throw invalid('views[0].minutiae', 'minutiae inside the image', 'one outside')
    const [x, y] = [Math.min(Math.round(xPx), widthPx - 1), heightPx - Math.min(Math.round(yPx), heightPx - 1)]
    const degrees = angleCode(angleRad + Math.PI, ANGLE_STEP_RAD.degree)
    return hasQuality ? `${x} ${y} ${degrees} ${quality ?? 0}\n` : `${x} ${y} ${degrees}\n`
  })
  return new TextEncoder().encode(rows.join(''))
}
