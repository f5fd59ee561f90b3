import type { CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import { readDescription, readExtracted, readQuality } from '../../domain/extractor-answers.js'
import { unusable } from '../../domain/extractor-failures.js'
import type {
  ExtractedFinger,
  ExtractorDescription,
  ExtractorIdentity,
  FingerExtractor,
  FingerImage,
  OutsideExtractor,
} from '../../domain/extractor.js'
import type { FingerFormat } from '../../domain/finger.js'
import { LIMITS } from '../../domain/limits.js'
import { whileWanted } from './while-wanted.js'

/** Reads a record to its end. @throws anything when it is not a whole record of `format` */
export type TemplateParser = (bytes: Uint8Array, format: FingerFormat) => void

/**
 * Lets a call through to the extractor: retries, circuit breaker, queue (`adapters/extractor-guard`).
 * @throws DomainError OVERLOADED, UNAVAILABLE; what `attempt` throws
 */
export type Guard = <T>(attempt: () => Promise<T>) => Promise<T>

export interface CheckedExtractorOptions {
  readonly parse: TemplateParser
  readonly guard: Guard
  /** The longest that one attempt may take, whatever deadline the caller has. */
  readonly attemptMsMax: number
}

/**
 * Somebody else's extractor, made safe to use. Each call: `check the request → wait for a turn → ask, within the time
 * → read the answer → check who made it → parse its templates`. Whatever goes wrong outside, the caller gets a DomainError in time.
 */
export class CheckedExtractor implements FingerExtractor {
  readonly #outside: OutsideExtractor
  readonly #options: CheckedExtractorOptions
  /** What it said of itself first: the space that templates are bound to until the service restarts. */
  #pinned: ExtractorDescription | null = null
  #hasChanged = false

  constructor(outside: OutsideExtractor, options: CheckedExtractorOptions) {
    this.#outside = outside
    this.#options = options
  }

  async describe(context: CallContext): Promise<ExtractorDescription> {
    return this.#call(context, (attempt) => this.#describe(attempt))
  }

  async quality(image: FingerImage, context: CallContext): Promise<Pick<ExtractedFinger, 'quality' | 'warnings'>> {
    checkSize(image)
    return this.#call(context, async (attempt) => readQuality(await this.#outside.quality(image, attempt)))
  }

  async extract(image: FingerImage, context: CallContext): Promise<ExtractedFinger> {
    checkSize(image)
    return this.#call(context, async (attempt) => {
      const { outputFormat } = this.#pinned ?? (await this.#describe(attempt))
      const { extractor, ...extracted } = readExtracted(await this.#outside.extract(image, attempt))
      this.#checkIdentity(extractor)
      for (const template of extracted.templates) this.#parse(template, outputFormat)
      return extracted
    })
  }

  /** Beside the queue and the breaker: it is how an administrator learns what they hide. */
  async health(context: CallContext): Promise<void> {
    await whileWanted(context, this.#options.attemptMsMax, (attempt) => this.#outside.health(attempt))
    this.#checkUnchanged()
  }

  async close(): Promise<void> {
    await this.#outside.close()
  }

  /** The caller's time runs while it waits for its turn, the attempt's own only after. */
  async #call<T>(context: CallContext, ask: (attempt: CallContext) => Promise<T>): Promise<T> {
    const { guard, attemptMsMax } = this.#options
    return whileWanted(context, Infinity, (waiting) =>
      guard(async () => {
        this.#checkUnchanged()
        return whileWanted(waiting, attemptMsMax, ask)
      }),
    )
  }

  async #describe(attempt: CallContext): Promise<ExtractorDescription> {
    const description = readDescription(await this.#outside.describe(attempt))
    this.#pinned ??= description
    this.#checkIdentity(description)
    if (description.outputFormat !== this.#pinned.outputFormat) throw this.#changed()
    return description
  }

  #checkIdentity({ id, version, descriptorVersion }: ExtractorIdentity): void {
    const pinned = this.#pinned!
    if (id !== pinned.id || version !== pinned.version || descriptorVersion !== pinned.descriptorVersion)
      throw this.#changed()
  }

  #changed(): DomainError {
    this.#hasChanged = true
    return new DomainError(
      'UNAVAILABLE',
      'the extractor that the service started with',
      'another id, version, descriptor version or output format; restart the service to accept it',
    )
  }

  #checkUnchanged(): void {
    if (this.#hasChanged) throw this.#changed()
  }

  #parse(template: Uint8Array, format: FingerFormat): void {
    try {
      this.#options.parse(template, format)
    } catch (cause) {
      throw unusable('a template that is no whole record of its declared format', cause)
    }
  }
}

/** What the extractor need not be asked. */
function checkSize({ bytes }: FingerImage): void {
  if (bytes.byteLength > LIMITS.imageBytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.imageBytesMax} bytes`, `${bytes.byteLength} bytes`, {
      field: 'image',
    })
}
