import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type { ExtractedFinger, ExtractorDescription, FingerExtractor, FingerImage } from '../../domain/extractor.js'
import { extractFinger } from './extraction/extract-finger.js'
import { writeFingerRecord } from './formats/write.js'
import { readFingerImage, type ImageDecoders } from './read-image.js'

/** `descriptorVersion` changes with whatever moves minutiae: templates of two versions should not be compared. */
export const MINUTIAE_EXTRACTOR: ExtractorDescription = {
  id: 'portcullis-minutiae',
  version: '1.0.0',
  modality: 'finger',
  inputFormats: ['gray8', 'png', 'tiff', 'bmp', 'wsq'],
  outputFormat: 'iso-19794-2-2005',
  descriptorVersion: '1',
}

/** The project's own extractor, in the calling thread: decode → minutiae → ISO/IEC 19794-2:2005. See docs/finger-extractor.md. */
export class MinutiaeExtractor implements FingerExtractor {
  readonly #decoders: ImageDecoders

  constructor(decoders: ImageDecoders) {
    this.#decoders = decoders
  }

  async describe(): Promise<ExtractorDescription> {
    return MINUTIAE_EXTRACTOR
  }

  /** A print too poor to extract from has a quality all the same; only what is no finger is refused. */
  async quality(image: FingerImage, context: CallContext) {
    const result = await this.#extract(image, context)
    if ('print' in result) return { quality: result.print.quality, warnings: result.print.warnings }
    const { code, quality, reasons } = result.refusal
    if (code === 'NO_FINGER') throw refusal(code, reasons)
    return { quality, warnings: reasons }
  }

  async extract(image: FingerImage, context: CallContext): Promise<ExtractedFinger> {
    const result = await this.#extract(image, context)
    if ('refusal' in result) throw refusal(result.refusal.code, result.refusal.reasons)
    const { view, quality, warnings } = result.print
    return { templates: [writeFingerRecord({ views: [view] }, MINUTIAE_EXTRACTOR.outputFormat)], quality, warnings }
  }

  async health(): Promise<void> {
    // Nothing to load and nothing to lose: it always can.
  }

  async close(): Promise<void> {
    // Holds nothing.
  }

  async #extract(image: FingerImage, context: CallContext) {
    checkAlive(context)
    const grey = await readFingerImage(image, this.#decoders)
    const { position, impression } = image
    return extractFinger(grey, { position, impression, checkpoint: () => checkAlive(context) })
  }
}

function refusal(code: 'NO_FINGER' | 'QUALITY_TOO_LOW', reasons: readonly string[]): DomainError {
  return new DomainError(code, 'a clear print of one finger', reasons[0] ?? 'another image', { reasons })
}
