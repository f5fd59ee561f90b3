import type { FaceAnalysis } from '../domain/analysis.js'
import type { CallContext } from '../domain/context.js'
import type { FaceAnalyser } from '../domain/ports.js'
import { checkImageBytes } from './requests.js'

/** Quality of every face of an image, so that an operator can capture again at once. Nothing is refused or kept. */
export class AssessmentService {
  readonly #analyser: FaceAnalyser

  constructor(analyser: FaceAnalyser) {
    this.#analyser = analyser
  }

  /** @throws DomainError INVALID_ARGUMENT, and whatever the analyser throws */
  async assess(image: Uint8Array, context: CallContext): Promise<FaceAnalysis> {
    checkImageBytes('image', image)
    return this.#analyser.analyse({ image, multiFace: 'all', minimumQuality: 0, purpose: 'quality' }, context)
  }
}
