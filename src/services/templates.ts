import type { FaceAnalysis } from '../domain/analysis.js'
import type { CallContext } from '../domain/context.js'
import { DomainError, invalid } from '../domain/errors.js'
import type { MultiFacePolicy } from '../domain/gallery.js'
import type { FaceAnalyser } from '../domain/ports.js'
import { checkImageBytes } from './requests.js'

/** An image's faces with the templates of those that were used. */
export type Extraction = Extract<FaceAnalysis, { outcome: 'extracted' }>

/** Templates of an image, for callers that compare elsewhere. Nothing is kept. */
export class TemplateService {
  readonly #analyser: FaceAnalyser

  constructor(analyser: FaceAnalyser) {
    this.#analyser = analyser
  }

  /**
   * @param minimumQuality 0 to 100; a used face below it is refused
   * @throws DomainError INVALID_ARGUMENT; NO_FACE, MULTIPLE_FACES or QUALITY_TOO_LOW when no template can be made;
   * and whatever the analyser throws
   */
  async extract(
    image: Uint8Array,
    multiFace: MultiFacePolicy,
    context: CallContext,
    minimumQuality = 0,
  ): Promise<Extraction> {
    checkImageBytes('image', image)
    if (!Number.isInteger(minimumQuality) || minimumQuality < 0 || minimumQuality > 100)
      throw invalid('minimum_quality', 'a whole number from 0 to 100', String(minimumQuality))
    const analysis = await this.#analyser.analyse({ image, multiFace, minimumQuality, purpose: 'template' }, context)
    if (analysis.outcome === 'refused') {
      const { code, reasons } = analysis.refusal
      throw new DomainError(code, 'a sample that yields a template', 'one that is refused', { field: 'image', reasons })
    }
    if (analysis.outcome !== 'extracted') throw new Error('an analysis for a template yielded none')
    return analysis
  }
}
