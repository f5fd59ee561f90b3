import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseFingerModel } from '../../../src/engines/finger/model-file.js'
import { PACKAGE_ROOT } from '../weights.js'

/** The shipped constants of the matcher, bytes and read. */
export const FINGER_MODEL_BYTES = readFileSync(join(PACKAGE_ROOT, 'models', 'finger', 'minutiae-v1.json'))
export const FINGER_MODEL = parseFingerModel(FINGER_MODEL_BYTES)
