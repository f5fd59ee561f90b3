import { InvalidArgumentError } from 'commander'
import { FINGER_POSITIONS, type FingerPosition } from '../../domain/finger.js'
import type { FingerPosition__Output as WirePosition } from '../../generated/portcullis/v1/FingerPosition.js'

/** The words of the command line for fingers, as the wire has them. */
export const WIRE_POSITION: Readonly<Record<FingerPosition, WirePosition>> = {
  unknown: 'FINGER_POSITION_UNKNOWN',
  'right-thumb': 'FINGER_POSITION_RIGHT_THUMB',
  'right-index': 'FINGER_POSITION_RIGHT_INDEX',
  'right-middle': 'FINGER_POSITION_RIGHT_MIDDLE',
  'right-ring': 'FINGER_POSITION_RIGHT_RING',
  'right-little': 'FINGER_POSITION_RIGHT_LITTLE',
  'left-thumb': 'FINGER_POSITION_LEFT_THUMB',
  'left-index': 'FINGER_POSITION_LEFT_INDEX',
  'left-middle': 'FINGER_POSITION_LEFT_MIDDLE',
  'left-ring': 'FINGER_POSITION_LEFT_RING',
  'left-little': 'FINGER_POSITION_LEFT_LITTLE',
}

/** What an operator can be told to write. */
export const POSITION_CHOICES = `one of ${FINGER_POSITIONS.join(', ')}`

/** FINGER_POSITION_RIGHT_INDEX → right-index; also for a position that this program does not know. */
export function positionWord(position: string): string {
  return position.replace('FINGER_POSITION_', '').toLowerCase().replaceAll('_', '-')
}

/** @returns null for a word that is none */
export function positionOf(word: string): FingerPosition | null {
  return FINGER_POSITIONS.find((position) => position === word) ?? null
}

/** Option parser: a wrong word ends the program with those that are right. */
export function positionOption(word: string): FingerPosition {
  const position = positionOf(word)
  if (position === null) throw new InvalidArgumentError(`It must be ${POSITION_CHOICES}.`)
  return position
}
