import { FINGER_TEMPLATE_BYTES_MAX } from '../../domain/finger-codec.js'
import type { FingerPosition } from '../../domain/finger.js'
import { LIMITS } from '../../domain/limits.js'
import type { FingerSample } from '../../generated/portcullis/v1/FingerSample.js'
import { CliError } from '../failure.js'
import { readFileUpTo } from '../read-file.js'
import { isTemplateName } from './finger-names.js'
import { WIRE_POSITION } from './positions.js'

/** How fingerprints are read that do not say all themselves. */
export interface FingerReading {
  /** Of images, in both directions; null takes what the image says. */
  readonly resolutionDpi: number | null
  /** Of templates: read on past what real records get wrong. */
  readonly lenient: boolean
}

/** The first bytes of every minutiae record (ISO/IEC 19794-2 and ANSI INCITS 378, "format identifier"). */
const RECORD_MAGIC = 'FMR\0'

/** A fingerprint as the service takes it. */
export interface ReadFinger {
  readonly bytes: Buffer
  readonly sample: FingerSample
}

/**
 * Reads a fingerprint: a template where its first bytes or its name say so, otherwise an image.
 * @throws CliError INPUT_UNREADABLE or LIMIT_EXCEEDED
 */
export async function readFinger(path: string, position: FingerPosition, reading: FingerReading): Promise<ReadFinger> {
  const bytes = await readFileUpTo(path, LIMITS.imageBytesMax, 'the fingerprint')
  const wirePosition = WIRE_POSITION[position]
  if (bytes.toString('latin1', 0, RECORD_MAGIC.length) !== RECORD_MAGIC && !isTemplateName(path)) {
    const resolution = reading.resolutionDpi === null ? {} : { resolutionDpi: reading.resolutionDpi }
    return { bytes, sample: { image: { data: bytes, ...resolution }, position: wirePosition } }
  }
  if (bytes.length > FINGER_TEMPLATE_BYTES_MAX)
    throw new CliError('LIMIT_EXCEEDED', `the template is larger than ${FINGER_TEMPLATE_BYTES_MAX / 1024 / 1024} MiB`)
  return { bytes, sample: { template: { data: bytes, lenient: reading.lenient }, position: wirePosition } }
}
