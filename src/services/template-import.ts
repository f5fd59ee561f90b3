import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { checkAlive, type CallContext } from '../domain/context.js'
import { DomainError, invalid, orDomainError } from '../domain/errors.js'
import { checkId, checkText } from '../domain/ids.js'
import { LIMITS } from '../domain/limits.js'
import type { ImportOutcome, Store, TemplateImport } from '../domain/ports.js'
import { checkGalleryIds, checkSubjectDetails, type SubjectDetails } from '../domain/subject.js'
import { checkFeatures } from '../domain/template.js'
import type { References } from './references.js'

/** One template that was extracted elsewhere, as a caller gives it. */
export interface TemplateInput {
  readonly subjectId: string
  readonly details: SubjectDetails
  /** '' derives one from the subject and the template. */
  readonly encounterId: string
  readonly source: string
  readonly capturedAtMs: number | null
  readonly algorithm: string
  readonly features: Float32Array
}

export interface ImportBatch {
  readonly galleryIds: readonly string[]
  /** Each one reads its template; what it throws is that template's failure. */
  readonly templates: readonly (() => TemplateInput)[]
}

export interface ImportedBatch {
  readonly importedCount: number
  readonly alreadyThereCount: number
  /** In the order of the batch. */
  readonly failed: readonly { readonly index: number; readonly error: DomainError }[]
}

/** Templates of one transaction: some 15 ms, after which searches and health checks get their turn. */
const TEMPLATES_PER_TRANSACTION = 128

/** Enrols templates without their samples. What is answered is durable and searchable. */
export class TemplateImportService {
  readonly #store: Store
  readonly #references: References
  readonly #featureCount: number
  readonly #now: () => number

  constructor(store: Store, references: References, featureCount: number, now: () => number) {
    this.#store = store
    this.#references = references
    this.#featureCount = featureCount
    this.#now = now
  }

  /**
   * A bad template fails alone. The batch is not one transaction: when this throws after it began, a part may be enrolled, and sending
   * it again is harmless.
   * @throws DomainError INVALID_ARGUMENT, LIMIT_EXCEEDED, GALLERY_NOT_FOUND (nothing is enrolled); OVERLOADED, UNAVAILABLE, CANCELLED
   */
  async importBatch(batch: ImportBatch, context: CallContext): Promise<ImportedBatch> {
    const { templates } = batch
    const { templatesPerBatchMax, galleriesPerSubjectMax } = LIMITS
    if (templates.length === 0) throw invalid('templates', 'at least one template', 'none')
    if (templates.length > templatesPerBatchMax)
      throw invalid('templates', `at most ${templatesPerBatchMax} templates`, String(templates.length))
    const galleryIds = checkGalleryIds('gallery_ids', batch.galleryIds, galleriesPerSubjectMax)
    for (const galleryId of galleryIds) await this.#store.getGallery(galleryId)

    const outcomes: ImportOutcome[] = []
    for (let from = 0; from < templates.length; from += TEMPLATES_PER_TRANSACTION) {
      checkAlive(context)
      outcomes.push(...(await this.#importSome(templates.slice(from, from + TEMPLATES_PER_TRANSACTION), galleryIds)))
      await setImmediate()
    }
    return tally(outcomes)
  }

  async #importSome(
    templates: readonly (() => TemplateInput)[],
    galleryIds: readonly string[],
  ): Promise<readonly ImportOutcome[]> {
    const read = templates.map((template) => orDomainError(() => this.#read(template(), galleryIds)))
    const good = read.flatMap((item) => (item instanceof DomainError ? [] : [item]))
    if (good.length === 0) return read as readonly DomainError[]
    const outcomes = await this.#references.commit(() => this.#store.importTemplates(good, this.#now()))
    const next = outcomes.values()
    return read.map((item) => (item instanceof DomainError ? item : (next.next().value as ImportOutcome)))
  }

  /** @throws DomainError INVALID_ARGUMENT, MODEL_MISMATCH */
  #read(input: TemplateInput, galleryIds: readonly string[]): TemplateImport {
    const { subjectId, algorithm, features, source, capturedAtMs } = input
    checkId('subject_id', subjectId)
    const details = checkSubjectDetails(input.details)
    checkText('source', source)
    if (algorithm !== this.#references.algorithm)
      throw new DomainError('MODEL_MISMATCH', `a template of ${this.#references.algorithm}`, 'one of another space', {
        field: 'template.algorithm',
      })
    checkFeatures(features, this.#featureCount)
    const encounterId = input.encounterId === '' ? encounterIdOf(input) : checkId('encounter_id', input.encounterId)
    const sample = { kind: 'imported-template', modality: 'face', algorithm } as const
    return {
      subject: { id: subjectId, galleryIds, ...details },
      encounter: {
        id: encounterId,
        status: 'active',
        source,
        capturedAtMs,
        createdAtMs: this.#now(),
        samples: [{ ...sample, bytes: new Uint8Array(0), template: { algorithm, features } }],
      },
    }
  }
}

/** The same for the same subject and template, for ever: sending a batch again enrols nothing twice. */
function encounterIdOf({ subjectId, algorithm, features }: TemplateInput): string {
  const hash = createHash('sha256')
  for (const text of [subjectId, algorithm]) hash.update(`${Buffer.byteLength(text)}:${text}`)
  hash.update(new Uint8Array(features.buffer, features.byteOffset, features.byteLength))
  return `tpl-${hash.digest('hex').slice(0, 40)}`
}

function tally(outcomes: readonly ImportOutcome[]): ImportedBatch {
  const failed = outcomes.flatMap((error, index) => (error instanceof DomainError ? [{ index, error }] : []))
  const alreadyThereCount = outcomes.filter((outcome) => outcome === 'already-there').length
  return { importedCount: outcomes.length - alreadyThereCount - failed.length, alreadyThereCount, failed }
}
