import { DomainError } from '../../../domain/errors.js'
import type { FingerFormat, FingerRecord } from '../../../domain/finger.js'
import { writeAnsi2004 } from './ansi-2004.js'
import { writeIso2005 } from './iso-2005.js'
import { writeXyt } from './xyt.js'

/**
 * Writes a fingerprint template. What is written reads back as it was, as far as the format can hold it: each writer
 * says what it cannot (`lossesOf` tells of one record), and refuses what does not fit.
 * @throws DomainError FORMAT_UNSUPPORTED, INVALID_ARGUMENT on the view that does not fit
 */
export function writeFingerRecord(record: Pick<FingerRecord, 'views'>, format: FingerFormat): Uint8Array {
  switch (format) {
    case 'iso-19794-2-2005':
      return writeIso2005(record.views)
    case 'ansi-378-2004':
      return writeAnsi2004(record.views)
    case 'xyt':
      return writeXyt(record.views)
    default:
      throw new DomainError('FORMAT_UNSUPPORTED', 'iso-19794-2-2005, ansi-378-2004 or xyt to be written', format)
  }
}
