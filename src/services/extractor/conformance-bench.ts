import type { CallContext } from '../../domain/context.js'
import { DomainError, type ErrorCode } from '../../domain/errors.js'
import type { ExtractedFinger, ExtractorDescription, FingerExtractor, FingerImage } from '../../domain/extractor.js'
import type { TemplateParser } from './checked-extractor.js'
import type { TestImages } from './test-images.js'

/** A check's answer when it does not pass; the sentence is for the vendor. */
export class CheckFailed extends Error {}
/** The check does not apply to this extractor. */
export class CheckSkipped extends Error {}

/** What the checks share. */
export interface ConformanceBench {
  readonly extractor: FingerExtractor
  readonly parse: TemplateParser
  readonly description: ExtractorDescription
  /** A real print, given on the command line. */
  readonly print: FingerImage | null
  /** Null for extractors that read neither gray8 nor PNG. */
  readonly images: TestImages | null
}

/** The longest deadline that the contract knows. */
const CALL_MS_MAX = 30_000
/** Codes of an image that was understood, and is not good enough. */
export const REFUSALS: readonly ErrorCode[] = ['NO_FINGER', 'QUALITY_TOO_LOW']

export function contextFor(timeoutMs = CALL_MS_MAX, signal = new AbortController().signal): CallContext {
  return { callId: 'conformance', signal, deadlineAtMs: Date.now() + timeoutMs }
}

/** The rendered pictures. @throws CheckSkipped when the extractor cannot read them */
export function imagesOf({ images }: ConformanceBench): TestImages {
  if (images === null) throw new CheckSkipped('it reads neither PNG nor gray8')
  return images
}

/** The picture of most checks: the given print, or the rendered one. */
export function fingerOf(bench: ConformanceBench): FingerImage {
  return bench.print ?? imagesOf(bench).finger
}

/** What came of a call: its value, or the code of its error. Anything that is no DomainError is a fault of this program. */
export type Outcome<T> = { readonly value: T } | { readonly error: DomainError }

export async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work }
  } catch (error) {
    if (error instanceof DomainError) return { error }
    throw error
  }
}

/** @throws CheckFailed unless `work` ends with one of these codes; `field` is then compared too */
export async function expectError(
  work: Promise<unknown>,
  codes: readonly ErrorCode[],
  field?: string,
): Promise<string> {
  const outcome = await outcomeOf(work)
  if (!('error' in outcome)) throw new CheckFailed(`expected ${codes.join(' or ')}, got an answer`)
  const { code, got } = outcome.error
  if (!codes.includes(code)) throw new CheckFailed(`expected ${codes.join(' or ')}, got ${code} (${got})`)
  if (field !== undefined && outcome.error.field !== field) throw new CheckFailed(`${code} about another field`)
  return code
}

/** An extraction that has to end in templates, or where `mayRefuse` in a refusal. */
export async function extractFinger(
  { extractor }: ConformanceBench,
  image: FingerImage,
  mayRefuse: boolean,
): Promise<ExtractedFinger | null> {
  const outcome = await outcomeOf(extractor.extract(image, contextFor()))
  if ('value' in outcome) return outcome.value
  const { code, got, reasons } = outcome.error
  if (mayRefuse && REFUSALS.includes(code)) return null
  throw new CheckFailed(`expected templates, got ${code} (${reasons[0] ?? got})`)
}
