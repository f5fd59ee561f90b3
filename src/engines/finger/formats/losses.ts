import type { FingerFormat, FingerRecord, RecordMinutia } from '../../../domain/finger.js'
import { ANGLE_STEP_RAD, angleCode } from './angles.js'

/** What separates a direction that a step holds from one that is rounded: noise of floating point, radians. */
const ANGLE_TOLERANCE_RAD = 1e-9

/**
 * What is lost or rounded when a record is written in a format: a sentence each, none when the format holds everything.
 * Formats that are not written here lose nothing, for `writeFingerRecord` refuses them.
 */
export function lossesOf(record: Pick<FingerRecord, 'views'>, format: FingerFormat): readonly string[] {
  switch (format) {
    case 'iso-19794-2-2005':
      return [...ofViews(record), ...ofMinutiae(record, ANGLE_STEP_RAD.iso, '360°/256')]
    case 'ansi-378-2004':
      return [...ofViews(record), ...ofMinutiae(record, ANGLE_STEP_RAD.ansi, '2°')]
    case 'xyt':
      return [...ofXyt(record), ...ofMinutiae(record, ANGLE_STEP_RAD.degree, '1°')]
    default:
      return []
  }
}

function ofViews({ views }: Pick<FingerRecord, 'views'>): readonly string[] {
  const isUnreported = views.some(({ quality }) => quality === null)
  return isUnreported ? ['quality of views: "not reported" is written as 0'] : []
}

function ofXyt({ views }: Pick<FingerRecord, 'views'>): readonly string[] {
  const hasTypes = views.some(({ minutiae }) => minutiae.some(({ type }) => type !== 'other'))
  const always = 'finger, impression and quality of the view, size and resolution of the image are left out'
  return hasTypes ? [always, 'types of minutiae are left out'] : [always]
}

function ofMinutiae({ views }: Pick<FingerRecord, 'views'>, stepRad: number, step: string): readonly string[] {
  const minutiae = views.flatMap((view) => view.minutiae)
  return [
    ...(minutiae.some((minutia) => isBetweenPixels(minutia)) ? ['positions are rounded to whole pixels'] : []),
    ...(minutiae.some(({ angleRad }) => isBetweenSteps(angleRad, stepRad))
      ? [`directions are rounded to ${step}`]
      : []),
  ]
}

function isBetweenPixels({ xPx, yPx }: RecordMinutia): boolean {
  return !Number.isInteger(xPx) || !Number.isInteger(yPx)
}

function isBetweenSteps(angleRad: number, stepRad: number): boolean {
  return Math.abs(angleCode(angleRad, stepRad) * stepRad - angleRad) > ANGLE_TOLERANCE_RAD
}
