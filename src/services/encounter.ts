import { randomUUID } from 'node:crypto'
import { checkAlive, type CallContext } from '../domain/context.js'
import { DomainError, invalid, type ErrorCode } from '../domain/errors.js'
import type { GalleryPolicy } from '../domain/gallery.js'
import { checkId, checkText } from '../domain/ids.js'
import { LIMITS } from '../domain/limits.js'
import type { FingerAnalyser, FingerInput } from '../domain/finger-analysis.js'
import type { Analysers, FaceAnalyser } from '../domain/ports.js'
import type { NewEncounter, NewSample } from '../domain/subject.js'
import { checkFeatures } from '../domain/template.js'
import type { EncounterInput } from './commands.js'
import { checkImageBytes } from './requests.js'

/** What the bytes of one sample can be at fault for. */
const SAMPLE_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'INVALID_ARGUMENT',
  'PARSE_ERROR',
  'FORMAT_UNSUPPORTED',
  'LIMIT_EXCEEDED',
])

/** @throws DomainError INVALID_ARGUMENT, LIMIT_EXCEEDED */
export function checkEncounterInput(input: EncounterInput): void {
  if (input.encounterId !== '') checkId('encounter.encounter_id', input.encounterId)
  checkText('encounter.source', input.source)
  if (input.capturedAtMs !== null && !Number.isSafeInteger(input.capturedAtMs))
    throw invalid('encounter.captured_at', 'a time', 'another value')
  const { images, fingers } = input
  const sampleCount = images.length + fingers.length
  if (sampleCount === 0) throw invalid('encounter.samples', 'at least one sample', 'none')
  if (sampleCount > LIMITS.samplesPerEncounterMax)
    throw invalid('encounter.samples', `at most ${LIMITS.samplesPerEncounterMax} samples`, String(sampleCount))
  images.forEach((image, i) => checkImageBytes(sampleField(i), image))
}

/**
 * Analyses every sample of an encounter, one after another. All must be good enough:
 * an operator who is told at once can capture again, one who is told later cannot.
 * @throws DomainError the refusal of the first sample that is not; whatever the analyser throws
 */
export async function analyseEncounter(
  analysers: Analysers,
  input: EncounterInput,
  policy: GalleryPolicy,
  nowMs: number,
  context: CallContext,
): Promise<NewEncounter> {
  const samples: NewSample[] = []
  for (const [i, image] of input.images.entries()) {
    checkAlive(context)
    samples.push(await analyseSample(analysers.face, image, sampleField(i), policy, context))
  }
  for (const [i, finger] of input.fingers.entries()) {
    checkAlive(context)
    samples.push(...(await analyseFinger(analysers.finger, finger, fingerField(i), policy, context)))
  }
  return {
    id: input.encounterId === '' ? randomUUID() : input.encounterId,
    status: 'active',
    source: input.source,
    capturedAtMs: input.capturedAtMs,
    createdAtMs: nowMs,
    samples,
  }
}

async function analyseSample(
  analyser: FaceAnalyser,
  image: Uint8Array,
  field: string,
  policy: GalleryPolicy,
  context: CallContext,
): Promise<NewSample> {
  const multiFace = policy.multiFace === 'all' ? 'reject-several' : policy.multiFace // one subject is one person
  const { minimumQuality } = policy
  const request = { image, multiFace, minimumQuality, purpose: 'template' } as const
  const analysis = await analyser.analyse(request, context).catch((error: unknown) => rethrowNaming(field, error))
  if (analysis.outcome === 'refused') {
    const { code, reasons } = analysis.refusal
    throw new DomainError(code, 'a sample that is good enough to enrol', 'one that is refused', { field, reasons })
  }
  const extracted = analysis.outcome === 'extracted' ? analysis.extracted[0] : undefined
  const report = extracted && analysis.faces[extracted.faceIndex]
  if (extracted === undefined || report === undefined) throw new Error('an analysis for a template yielded none')
  checkFeatures(extracted.template.features, analyser.algorithm.featureCount)
  const { format, widthPx, heightPx } = analysis.image
  return {
    kind: 'face-image',
    modality: 'face',
    format,
    widthPx,
    heightPx,
    face: report.face,
    quality: extracted.quality,
    algorithm: extracted.template.algorithm,
    bytes: image,
    template: extracted.template,
  }
}

/** One stored sample for each impression that the record or image holds. */
async function analyseFinger(
  analyser: FingerAnalyser,
  input: FingerInput,
  field: string,
  policy: GalleryPolicy,
  context: CallContext,
): Promise<readonly NewSample[]> {
  const work = analyser.analyse(input, policy.minimumQuality, context)
  const analysis = await work.catch((error: unknown) => rethrowNaming(field, error))
  if (analysis.outcome === 'refused') {
    const { code, reasons } = analysis.refusal
    throw new DomainError(code, 'a sample that is good enough to enrol', 'one that is refused', { field, reasons })
  }
  const { format, extractor } = analysis
  return analysis.fingers.map(({ position, impression, quality, minutiaeCount, record }) => ({
    kind: input.kind === 'record' ? 'finger-record' : 'finger-image',
    modality: 'finger',
    format,
    position,
    impression,
    quality,
    minutiaeCount,
    extractor,
    algorithm: analyser.algorithm.algorithm,
    bytes: input.kind === 'record' ? input.bytes : input.image.bytes,
    record,
  }))
}

/** Says which of several samples an error is about. */
function rethrowNaming(field: string, error: unknown): never {
  if (!(error instanceof DomainError) || !SAMPLE_ERRORS.has(error.code)) throw error
  const place = error.field === undefined ? field : `${field}.${error.field}`
  throw new DomainError(error.code, error.expected, error.got, { field: place, reasons: error.reasons, cause: error })
}

function fingerField(i: number): string {
  return `encounter.fingers[${i}]`
}

function sampleField(i: number): string {
  return `encounter.samples[${i}]`
}
