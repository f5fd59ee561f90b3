import type { CallContext } from '../../domain/context.js'
import { DomainError, invalid, type RefusalCode } from '../../domain/errors.js'
import type { ExtractorDescription, FingerExtractor, FingerImage } from '../../domain/extractor.js'
import type {
  AnalysedFinger,
  FingerAlgorithm,
  FingerAnalyser,
  FingerAnalysis,
  FingerInput,
} from '../../domain/finger-analysis.js'
import type { FingerPosition, FingerRecord, FingerView, NormalisedMinutiae } from '../../domain/finger.js'
import { FingerComparer } from './comparer.js'
import { prepareFinger } from './features.js'
import { readFingerRecord } from './formats/read.js'
import { writeFingerRecord } from './formats/write.js'
import type { FingerModel } from './model.js'
import { normaliseView } from './normalise.js'

/** What references are stored in: every field that the comparison uses, and any other software reads it. */
const STORED_FORMAT = 'iso-19794-2-2005'

/**
 * Fewer minutiae say too little: mindtct finds 20 and more in the poorest full impression, and a comparison of so few
 * cannot reach a false match rate of 1 in 10,000.
 */
const MINUTIAE_MIN = 8

/** `record or image → views → position and quality → minutiae`: fingerprint samples made comparable. */
export class RecordFingerAnalyser implements FingerAnalyser {
  readonly algorithm: FingerAlgorithm
  readonly #model: FingerModel
  readonly #extractor: FingerExtractor
  readonly #comparer: FingerComparer

  constructor(model: FingerModel, algorithm: FingerAlgorithm, extractor: FingerExtractor) {
    this.algorithm = algorithm
    this.#model = model
    this.#extractor = extractor
    this.#comparer = new FingerComparer(model)
  }

  async analyse(input: FingerInput, minimumQuality: number, context: CallContext): Promise<FingerAnalysis> {
    if (input.kind === 'image') return this.#analyseImage(input.image, minimumQuality, context)
    const record = readFingerRecord(input.bytes, input.options)
    const views = record.views.map((view) => ({ ...view, position: positionOf(view, input.position) }))
    return judge(views, minimumQuality, { format: record.format, extractor: '', warnings: record.warnings })
  }

  compare(probe: NormalisedMinutiae, reference: NormalisedMinutiae): number {
    return this.#comparer.compare(prepareFinger(probe, this.#model), prepareFinger(reference, this.#model))
  }

  read(record: Uint8Array): { readonly position: FingerPosition; readonly minutiae: NormalisedMinutiae } {
    const view = readStored(record).views[0]
    if (view === undefined) throw new Error('a record without views was read')
    return { position: view.position, minutiae: normaliseView(view) }
  }

  async #analyseImage(image: FingerImage, minimumQuality: number, context: CallContext): Promise<FingerAnalysis> {
    const description = await this.#extractor.describe(context)
    const common = { format: image.format, extractor: `${description.id}@${description.version}` }
    try {
      const { templates, quality, warnings } = await this.#extractor.extract(image, context)
      const views = templates
        .flatMap((bytes) => readExtracted(bytes, description).views)
        .map((view) => ({ ...view, position: positionOf(view, image.position), quality: view.quality ?? quality }))
      return judge(views, minimumQuality, { ...common, warnings })
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { code, reasons, message } = error
      const refusal = { code, reasons: reasons.length > 0 ? reasons : [`The extractor refused the image: ${message}.`] }
      return { ...common, warnings: [], outcome: 'refused', refusal }
    }
  }
}

type Refused = DomainError & { readonly code: RefusalCode }

function isRefusal(error: unknown): error is Refused {
  return error instanceof DomainError && (error.code === 'NO_FINGER' || error.code === 'QUALITY_TOO_LOW')
}

/** All impressions of a sample must be good enough, as all samples of an encounter must. */
function judge(
  views: readonly FingerView[],
  minimumQuality: number,
  common: Pick<FingerAnalysis, 'format' | 'extractor' | 'warnings'>,
): FingerAnalysis {
  const reasons = views.flatMap((view) => {
    const { length } = view.minutiae
    if (length < MINUTIAE_MIN) return [`Only ${length} minutiae were found, at least ${MINUTIAE_MIN} are needed.`]
    if (view.quality !== null && view.quality < minimumQuality)
      return [`The finger's quality is ${view.quality}, at least ${minimumQuality} is needed: capture it again.`]
    return []
  })
  if (reasons.length > 0) return { ...common, outcome: 'refused', refusal: { code: 'QUALITY_TOO_LOW', reasons } }
  return { ...common, outcome: 'extracted', fingers: views.map(analysed) }
}

function analysed(view: FingerView): AnalysedFinger {
  const { position, impression, quality } = view
  return {
    position,
    impression,
    quality,
    minutiaeCount: view.minutiae.length,
    record: writeFingerRecord({ views: [{ ...view, viewNumber: 0 }] }, STORED_FORMAT),
    minutiae: normaliseView(view),
  }
}

/** The record's own word, the caller's where the record does not say. */
function positionOf({ position }: FingerView, said: FingerPosition): FingerPosition {
  if (position === 'unknown') return said
  if (said !== 'unknown' && said !== position) throw invalid('position', `${position}, as the template says`, said)
  return position
}

/** A plug-in has been checked for this; another version of it may have been started since. */
function readExtracted(bytes: Uint8Array, { outputFormat }: ExtractorDescription): FingerRecord {
  try {
    return readFingerRecord(bytes, { format: outputFormat })
  } catch (cause) {
    throw new DomainError('UNAVAILABLE', `a template in ${outputFormat}`, 'one that cannot be read', { cause })
  }
}

function readStored(record: Uint8Array): FingerRecord {
  try {
    return readFingerRecord(record, { format: STORED_FORMAT })
  } catch (cause) {
    throw new DomainError('UNAVAILABLE', 'stored templates that can be searched', 'a damaged one', { cause })
  }
}
