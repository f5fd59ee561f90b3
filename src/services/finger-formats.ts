import { DomainError } from '../domain/errors.js'
import type { FingerCodec, FingerReadOptions } from '../domain/finger-codec.js'
import type { FingerFormat, FingerRecord } from '../domain/finger.js'

/** Views drawn at one inspection: real records have at most ten fingers, and an answer must fit in a message. */
const DRAWINGS_MAX = 32

export interface Conversion {
  readonly bytes: Uint8Array
  readonly sourceFormat: FingerFormat
  /** What was wrong with the source, then what the target cannot hold. */
  readonly warnings: readonly string[]
}

export interface Inspection {
  readonly record: FingerRecord
  /** SVG documents of the first views, in their order; at most 32. */
  readonly drawings: readonly string[]
}

/** Fingerprint templates between formats, and looked into. Nothing is kept. */
export class FingerFormatService {
  readonly #codec: FingerCodec

  constructor(codec: FingerCodec) {
    this.#codec = codec
  }

  /** @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED, INVALID_ARGUMENT */
  convert(bytes: Uint8Array, options: FingerReadOptions, target: FingerFormat): Conversion {
    const record = this.#read(bytes, options)
    const written = naming(
      ({ code, field = 'data' }) => (code === 'FORMAT_UNSUPPORTED' ? 'target_format' : `template.${field}`),
      () => this.#codec.write(record, target),
    )
    const warnings = [...record.warnings, ...this.#codec.lossesOf(record, target)]
    return { bytes: written, sourceFormat: record.format, warnings }
  }

  /** @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED, INVALID_ARGUMENT */
  inspect(bytes: Uint8Array, options: FingerReadOptions): Inspection {
    const record = this.#read(bytes, options)
    return { record, drawings: record.views.slice(0, DRAWINGS_MAX).map((view) => this.#codec.draw(view)) }
  }

  #read(bytes: Uint8Array, options: FingerReadOptions): FingerRecord {
    return naming(
      ({ field = 'data' }) => `template.${field}`,
      () => this.#codec.read(bytes, options),
    )
  }
}

/** Gives an expected failure the path of the request's field that it is about: the codec knows only its own part. */
function naming<T>(fieldOf: (error: DomainError) => string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, expected, got, reasons } = error
    throw new DomainError(code, expected, got, { field: fieldOf(error), reasons, cause: error })
  }
}
