import { extname } from 'node:path'
import { FINGER_POSITIONS, type FingerPosition } from '../../domain/finger.js'
import { stem } from '../enrol/names.js'

/** Templates that their own header tells; card formats and .xyt need a frame, which a file's name cannot give. */
const TEMPLATE_NAMES = new Set(['.fmr', '.fmd', '.iso', '.ansi'])

/** No camera writes these: WSQ is made for fingerprints, and BMP is not taken as a face image. */
const FINGER_IMAGE_NAMES = new Set(['.wsq', '.bmp'])

export function isTemplateName(path: string): boolean {
  return TEMPLATE_NAMES.has(extname(path).toLowerCase())
}

/** Whether a file can be nothing but a fingerprint, whatever it is called. */
export function isFingerName(path: string): boolean {
  return isTemplateName(path) || FINGER_IMAGE_NAMES.has(extname(path).toLowerCase())
}

/** A file's name taken apart: "QDi.1_right-index_2.png" is the second right index finger of QDi.1. */
export interface FingerName {
  /** What stands before the finger: whose it is; '' where nothing does. */
  readonly owner: string
  readonly position: FingerPosition
}

const POSITIONS = FINGER_POSITIONS.filter((position) => position !== 'unknown').join('|')
const FINGER_NAME = new RegExp(`^(?:(.+)_)?(?:finger-)?(${POSITIONS})(?:[_-]\\d{1,4})?$`, 'i')

/** @returns null when the name does not say a finger; the part before it and the number after it are free */
export function fingerNameOf(path: string): FingerName | null {
  const [, owner = '', word] = FINGER_NAME.exec(stem(path)) ?? []
  const position = FINGER_POSITIONS.find((known) => known === word?.toLowerCase())
  return position === undefined ? null : { owner, position }
}

/** The finger that a file's name says; `unknown` leaves it to what the file itself says. */
export function namedPosition(path: string): FingerPosition {
  return fingerNameOf(path)?.position ?? 'unknown'
}
