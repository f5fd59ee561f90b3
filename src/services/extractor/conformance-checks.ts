import type { ErrorCode } from '../../domain/errors.js'
import { FINGER_IMAGE_FORMATS, type ExtractedFinger, type FingerImage } from '../../domain/extractor.js'
import {
  CheckFailed,
  CheckSkipped,
  contextFor,
  expectError,
  extractFinger,
  fingerOf,
  imagesOf,
  outcomeOf,
  REFUSALS,
  type ConformanceBench,
} from './conformance-bench.js'
import { inUnofferedFormat, type TestImages } from './test-images.js'

export interface Check {
  readonly name: string
  readonly isMandatory: boolean
  /** @returns what was found, for the table. @throws CheckFailed, CheckSkipped */
  readonly run: (bench: ConformanceBench) => Promise<string>
}

/** How much later than its deadline or its cancellation a call may end. */
const LATE_MS_MAX = 500
const SHORT_DEADLINE_MS = 50
const CANCEL_AFTER_MS = 20
const CONCURRENT_CALLS = 8
/** What an image that is wrong as such may be called. */
const BAD_IMAGE: readonly ErrorCode[] = ['PARSE_ERROR', 'FORMAT_UNSUPPORTED']

const must = (name: string, run: Check['run']): Check => ({ name, isMandatory: true, run })
const should = (name: string, run: Check['run']): Check => ({ name, isMandatory: false, run })

/** Everything that the contract promises and a caller can see, in the order in which it is tested. */
export const CHECKS: readonly Check[] = [
  must('describe: stays the same', describeIsStable),
  must('health: serving', healthy),
  must('extract: a finger', extractsFinger),
  must('extract: its templates can be read', templatesCanBeRead),
  must('quality: a finger', measuresQuality),
  must('refuse: a white image', (bench) => refuses(bench, 'blank', REFUSALS)),
  must('refuse: no bytes', (bench) => refuses(bench, 'empty', BAD_IMAGE)),
  must('refuse: half an image', (bench) => refuses(bench, 'truncated', ['PARSE_ERROR'])),
  must('refuse: nonsense', (bench) => refuses(bench, 'nonsense', BAD_IMAGE)),
  must('refuse: a header of 10 gigapixels', (bench) => refuses(bench, 'oversized', ['LIMIT_EXCEEDED', ...BAD_IMAGE])),
  must('refuse: 0 dpi', (bench) => refusesResolution(bench, 0)),
  must('refuse: 5000 dpi', (bench) => refusesResolution(bench, 5_000)),
  must('refuse: a format that is not offered', refusesUnofferedFormat),
  must('deadline: 50 ms', keepsDeadline),
  must('cancel: after 20 ms', keepsCancellation),
  must('at once: 8 calls', answersAtOnce),
  should('repeat: the same templates', repeats),
]

async function describeIsStable({ extractor, description }: ConformanceBench): Promise<string> {
  for (let n = 0; n < 3; n++)
    if (JSON.stringify(await extractor.describe(contextFor())) !== JSON.stringify(description))
      throw new CheckFailed('it says something else of itself each time')
  return `${description.id} ${description.version}`
}

async function healthy({ extractor }: ConformanceBench): Promise<string> {
  await extractor.health(contextFor())
  return 'serving'
}

/** A drawing may be refused, a print that the vendor chose may not. */
async function extractsFinger(bench: ConformanceBench): Promise<string> {
  const extracted = await extractFinger(bench, fingerOf(bench), bench.print === null)
  if (extracted === null) return 'refused the rendered finger; give a real one with --image'
  return `${extracted.templates.length} template(s), quality ${extracted.quality}`
}

async function templatesCanBeRead(bench: ConformanceBench): Promise<string> {
  const extracted = await extractFinger(bench, fingerOf(bench), bench.print === null)
  if (extracted === null) throw new CheckSkipped('refused the rendered finger; give a real one with --image')
  for (const template of extracted.templates) bench.parse(template, bench.description.outputFormat)
  return `${bench.description.outputFormat}, ${extracted.templates.map(({ length }) => length).join(' + ')} bytes`
}

async function measuresQuality(bench: ConformanceBench): Promise<string> {
  const outcome = await outcomeOf(bench.extractor.quality(fingerOf(bench), contextFor()))
  if ('value' in outcome) return `quality ${outcome.value.quality}`
  if (!REFUSALS.includes(outcome.error.code)) throw new CheckFailed(`got ${outcome.error.code} (${outcome.error.got})`)
  return outcome.error.code
}

function refuses(bench: ConformanceBench, name: keyof TestImages, codes: readonly ErrorCode[]): Promise<string> {
  return expectError(bench.extractor.extract(imagesOf(bench)[name], contextFor()), codes)
}

function refusesResolution(bench: ConformanceBench, resolutionDpi: number): Promise<string> {
  const image = { ...fingerOf(bench), resolutionDpi }
  return expectError(bench.extractor.extract(image, contextFor()), ['INVALID_ARGUMENT'], 'resolution_dpi')
}

function refusesUnofferedFormat(bench: ConformanceBench): Promise<string> {
  const image = inUnofferedFormat(fingerOf(bench), bench.description, FINGER_IMAGE_FORMATS)
  if (image === null) throw new CheckSkipped('it offers every format')
  return expectError(bench.extractor.extract(image, contextFor()), ['FORMAT_UNSUPPORTED'])
}

async function keepsDeadline(bench: ConformanceBench): Promise<string> {
  const image = bench.images?.largeFinger ?? fingerOf(bench)
  const ended = await timed(bench.extractor.extract(image, contextFor(SHORT_DEADLINE_MS)))
  return afterwards(bench, ended, SHORT_DEADLINE_MS, 'DEADLINE_EXCEEDED')
}

async function keepsCancellation(bench: ConformanceBench): Promise<string> {
  const controller = new AbortController()
  const context = contextFor(undefined, controller.signal)
  setTimeout(() => controller.abort(), CANCEL_AFTER_MS)
  const ended = await timed(bench.extractor.extract(bench.images?.largeFinger ?? fingerOf(bench), context))
  return afterwards(bench, ended, CANCEL_AFTER_MS, 'CANCELLED')
}

interface Ended {
  readonly durationMs: number
  /** "answered", or the code of an error. */
  readonly how: string
}

async function timed(work: Promise<ExtractedFinger>): Promise<Ended> {
  const startedAtMs = performance.now()
  const outcome = await outcomeOf(work)
  return { durationMs: performance.now() - startedAtMs, how: 'error' in outcome ? outcome.error.code : 'answered' }
}

/** A call that was given up has to end soon, and the next one has to work. */
async function afterwards(bench: ConformanceBench, ended: Ended, afterMs: number, code: ErrorCode): Promise<string> {
  const { durationMs, how } = ended
  if (durationMs > afterMs + LATE_MS_MAX) throw new CheckFailed(`it ended ${Math.round(durationMs - afterMs)} ms late`)
  if (![code, 'answered', ...REFUSALS].includes(how)) throw new CheckFailed(`expected ${code} or an answer, got ${how}`)
  await extractFinger(bench, fingerOf(bench), bench.print === null)
  return `${how}; the next call works`
}

async function answersAtOnce(bench: ConformanceBench): Promise<string> {
  const image = fingerOf(bench)
  const calls = Array.from({ length: CONCURRENT_CALLS }, () => outcomeOf(bench.extractor.extract(image, contextFor())))
  const codes = (await Promise.all(calls)).map((outcome) => ('error' in outcome ? outcome.error.code : 'answered'))
  const fault = codes.find((code) => !['answered', 'OVERLOADED', ...REFUSALS].includes(code))
  if (fault !== undefined) throw new CheckFailed(`a call ended with ${fault}`)
  const overloadedCount = codes.filter((code) => code === 'OVERLOADED').length
  if (overloadedCount === CONCURRENT_CALLS) throw new CheckFailed('it answered none of them')
  return `${CONCURRENT_CALLS - overloadedCount} answered, ${overloadedCount} overloaded`
}

async function repeats(bench: ConformanceBench): Promise<string> {
  const [first, second] = [await templateBytes(bench, fingerOf(bench)), await templateBytes(bench, fingerOf(bench))]
  if (first !== second) throw new CheckFailed('the same image gives different templates: say so in your documentation')
  return 'identical'
}

async function templateBytes(bench: ConformanceBench, image: FingerImage): Promise<string> {
  const extracted = await extractFinger(bench, image, bench.print === null)
  if (extracted === null) throw new CheckSkipped('refused the rendered finger; give a real one with --image')
  return extracted.templates.map((template) => template.join(',')).join(';')
}
