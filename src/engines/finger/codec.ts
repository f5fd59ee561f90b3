import type { FingerCodec } from '../../domain/finger-codec.js'
import { minutiaeSvg } from './draw-minutiae.js'
import { lossesOf } from './formats/losses.js'
import { readFingerRecord } from './formats/read.js'
import { writeFingerRecord } from './formats/write.js'

/** All that services do with fingerprint templates beside comparing them. */
export const fingerCodec: FingerCodec = {
  read: readFingerRecord,
  write: writeFingerRecord,
  lossesOf,
  draw: minutiaeSvg,
}
