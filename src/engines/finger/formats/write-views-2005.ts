import { invalid } from '../../../domain/errors.js'
import { FINGER_POSITIONS, MINUTIA_TYPES, type FingerView, type RecordMinutia } from '../../../domain/finger.js'
import { angleCode } from './angles.js'
import { ByteWriter } from './byte-writer.js'
import { RECORD_LIMITS } from './limits.js'
import type { ImageFrame } from './view-fields.js'

// What ANSI INCITS 378-2004 and ISO/IEC 19794-2:2005 have in common when they are written.

/**
 * Refuses views that the formats cannot hold.
 * @returns the size and resolution that all of them share
 * @throws DomainError INVALID_ARGUMENT
 */
export function checkWritable(views: readonly FingerView[]): ImageFrame {
  const [first] = views
  if (first === undefined || views.length > RECORD_LIMITS.viewsMax)
    throw invalid('views', `1 to ${RECORD_LIMITS.viewsMax} views`, String(views.length))
  for (const [i, view] of views.entries()) checkView(view, first, `views[${i}]`)
  if (new Set(views.map(({ position, viewNumber }) => `${position} ${viewNumber}`)).size < views.length)
    throw invalid('views', 'views of distinct positions and numbers', 'two alike')
  return first
}

function checkView(view: FingerView, first: FingerView, field: string): void {
  const { widthPx, heightPx, resolutionXPpcm, resolutionYPpcm, viewNumber, impression, quality, minutiae } = view
  const isSame =
    widthPx === first.widthPx &&
    heightPx === first.heightPx &&
    resolutionXPpcm === first.resolutionXPpcm &&
    resolutionYPpcm === first.resolutionYPpcm
  if (!isSame) throw invalid(field, 'the image size and resolution of the first view', 'others: write one record each')
  checkWhole(`${field}.width_px`, widthPx, 1, 0xffff)
  checkWhole(`${field}.height_px`, heightPx, 1, 0xffff)
  checkWhole(`${field}.resolution_x_ppcm`, resolutionXPpcm, RECORD_LIMITS.resolutionPpcmMin, 0xffff)
  checkWhole(`${field}.resolution_y_ppcm`, resolutionYPpcm, RECORD_LIMITS.resolutionPpcmMin, 0xffff)
  checkWhole(`${field}.view_number`, viewNumber, 0, RECORD_LIMITS.viewNumberMax)
  checkWhole(`${field}.impression`, impression, 0, 0xf)
  if (quality !== null) checkWhole(`${field}.quality`, quality, 0, 100)
  if (minutiae.length > RECORD_LIMITS.minutiaeMax)
    throw invalid(`${field}.minutiae`, `at most ${RECORD_LIMITS.minutiaeMax}`, String(minutiae.length))
  for (const minutia of minutiae) checkMinutia(minutia, view, `${field}.minutiae`)
}

/** Numbers of sizes and codes may be told; positions of minutiae may not, so they have a check of their own. */
function checkWhole(field: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw invalid(field, `a whole number from ${min} to ${max}`, String(value))
}

function checkMinutia({ xPx, yPx, angleRad, quality }: RecordMinutia, view: FingerView, field: string): void {
  if (!(xPx >= 0 && yPx >= 0 && xPx < view.widthPx && yPx < view.heightPx))
    throw invalid(field, 'minutiae inside the image', 'one outside')
  if (Math.max(xPx, yPx) > RECORD_LIMITS.coordinateMax)
    throw invalid(field, 'positions of at most 14 bits', 'one of more')
  if (!Number.isFinite(angleRad)) throw invalid(field, 'finite angles', 'one that is not')
  if (quality !== null) checkWhole(`${field}.quality`, quality, 1, 100)
}

/** u16 width, u16 height, u16 horizontal and u16 vertical resolution. */
export function writeFrame(writer: ByteWriter, frame: ImageFrame): ByteWriter {
  return writer.u16(frame.widthPx).u16(frame.heightPx).u16(frame.resolutionXPpcm).u16(frame.resolutionYPpcm)
}

/** See `readViews2005` for the layout. */
export function writeViews2005(views: readonly FingerView[], stepRad: number): Uint8Array {
  const writer = new ByteWriter()
  for (const view of views) {
    writer.u8(FINGER_POSITIONS.indexOf(view.position)).u8((view.viewNumber << 4) | view.impression)
    writer.u8(view.quality ?? 0).u8(view.minutiae.length)
    for (const minutia of view.minutiae) writeMinutia(writer, minutia, view, stepRad)
    writer.u16(0) // no extensions
  }
  return writer.toBytes()
}

function writeMinutia(writer: ByteWriter, minutia: RecordMinutia, view: FingerView, stepRad: number): void {
  const { type, xPx, yPx, angleRad, quality } = minutia
  // Card formats give fractions of pixels; the last one must not be rounded out of the image.
  const [x, y] = [Math.min(Math.round(xPx), view.widthPx - 1), Math.min(Math.round(yPx), view.heightPx - 1)]
  writer.u16((MINUTIA_TYPES.indexOf(type) << 14) | x).u16(y)
  writer.u8(angleCode(angleRad, stepRad)).u8(quality ?? 0)
}
