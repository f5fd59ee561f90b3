import { DomainError } from '../../../domain/errors.js'
import type { FingerFormat, FingerRecord } from '../../../domain/finger.js'
import { FINGER_TEMPLATE_BYTES_MAX, type FingerReadOptions } from '../../../domain/finger-codec.js'
import { readAnsi2004 } from './ansi-2004.js'
import { readAnsi2009 } from './ansi-2009.js'
import { readCard } from './card.js'
import { detectFormat } from './detect.js'
import { readIso2005 } from './iso-2005.js'
import { readIso2011 } from './iso-2011.js'
import { readXyt } from './xyt.js'

/**
 * Reads a fingerprint template: `bytes → format (told, or detected) → views`.
 *
 * Strict unless told otherwise; a lenient reading accepts what real records get wrong and says so in `warnings`:
 * wrong lengths and bytes after the end, extensions whose lengths do not add up, angles in the other standard's unit, the
 * header of a draft, reserved codes and bits, positions outside the image, low resolution, two views of one name.
 *
 * @param options.format required for the card formats and xyt, which nothing tells from other bytes
 * @param options.frame required for them too: they carry neither size nor resolution
 * @throws DomainError PARSE_ERROR with the field and its byte ("view 1 minutia 3 angle at byte 47"), FORMAT_UNSUPPORTED,
 * LIMIT_EXCEEDED, INVALID_ARGUMENT on "frame". None of them tells where a minutia is.
 */
export function readFingerRecord(bytes: Uint8Array, options: FingerReadOptions = {}): FingerRecord {
  if (bytes.length === 0) throw new DomainError('FORMAT_UNSUPPORTED', 'a fingerprint template', 'no bytes')
  if (bytes.length > FINGER_TEMPLATE_BYTES_MAX)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${FINGER_TEMPLATE_BYTES_MAX} bytes`, `${bytes.length} bytes`)
  return readAs(options.format ?? detectFormat(bytes), bytes, options)
}

function readAs(format: FingerFormat, bytes: Uint8Array, options: FingerReadOptions): FingerRecord {
  const { mode = 'strict', frame } = options
  switch (format) {
    case 'iso-19794-2-2005':
      return readIso2005(bytes, mode)
    case 'iso-19794-2-2011':
      return readIso2011(bytes, mode)
    case 'ansi-378-2004':
      return readAnsi2004(bytes, mode)
    case 'ansi-378-2009':
    case 'ansi-378-2009-am1':
      return readAnsi2009(bytes, mode, format)
    case 'iso-card-normal':
    case 'iso-card-compact':
      return readCard(bytes, mode, format, frame)
    case 'xyt':
      return readXyt(bytes, mode, frame)
  }
}
