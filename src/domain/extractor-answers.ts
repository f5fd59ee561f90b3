import { unusable } from './extractor-failures.js'
import { EXTRACTOR_LIMITS, EXTRACTOR_OUTPUT_FORMATS } from './extractor-limits.js'
import {
  FINGER_IMAGE_FORMATS,
  type ExtractedFinger,
  type ExtractorDescription,
  type ExtractorIdentity,
} from './extractor.js'
import { LIMITS } from './limits.js'

// Reads what somebody else's code answered. Every function copies what it accepts, so that nothing of the original
// (getters, shared buffers, extra fields) is kept, and throws UNAVAILABLE for the rest: the caller did nothing wrong.

type Fields = Readonly<Record<string, unknown>>

const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._:+-]*$/

/** @throws DomainError UNAVAILABLE naming the part that cannot be used */
export function readDescription(value: unknown): ExtractorDescription {
  const { modality, inputFormats, outputFormat, ...identity } = fieldsOf(value, 'no description')
  if (modality !== 'finger') throw unusable('a modality other than finger')
  const formats = listOf(inputFormats, FINGER_IMAGE_FORMATS.length, 'input formats')
  return {
    ...readIdentity(identity),
    modality,
    inputFormats: formats.map((format) => oneOf(FINGER_IMAGE_FORMATS, format, 'an unknown input format')),
    outputFormat: oneOf(EXTRACTOR_OUTPUT_FORMATS, outputFormat, 'an unknown output format'),
  }
}

/** @throws DomainError UNAVAILABLE */
export function readIdentity(value: unknown): ExtractorIdentity {
  const { id, version, descriptorVersion } = fieldsOf(value, 'no identity')
  return {
    id: nameOf(id, ID, 'an unusable id'),
    version: nameOf(version, VERSION, 'an unusable version'),
    descriptorVersion: nameOf(descriptorVersion, VERSION, 'an unusable descriptor version'),
  }
}

/** @throws DomainError UNAVAILABLE */
export function readQuality(value: unknown): Pick<ExtractedFinger, 'quality' | 'warnings'> {
  const { quality, warnings } = fieldsOf(value, 'no quality')
  if (typeof quality !== 'number' || !(quality >= 0 && quality <= 100)) throw unusable('a quality outside 0 to 100')
  return { quality, warnings: readWarnings(warnings) }
}

/** What was extracted, and by whom; whether the templates are whole records is for a parser to say. @throws DomainError UNAVAILABLE */
export function readExtracted(value: unknown): ExtractedFinger & { readonly extractor: ExtractorIdentity } {
  const { templates, extractor } = fieldsOf(value, 'nothing')
  const records = listOf(templates, EXTRACTOR_LIMITS.templatesMax, 'templates')
  return { templates: records.map(readTemplate), ...readQuality(value), extractor: readIdentity(extractor) }
}

function readTemplate(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.byteLength === 0) throw unusable('a template without bytes')
  if (value.byteLength > EXTRACTOR_LIMITS.templateBytesMax) throw unusable('a template that is too long')
  return Uint8Array.from(value)
}

function readWarnings(value: unknown): readonly string[] {
  const isSentence = (text: unknown) =>
    typeof text === 'string' && text.length <= LIMITS.textLengthMax && !/\p{Cc}/u.test(text)
  if (!Array.isArray(value) || value.length > EXTRACTOR_LIMITS.warningsMax || !value.every(isSentence))
    throw unusable('unusable warnings')
  return [...(value as readonly string[])]
}

function fieldsOf(value: unknown, otherwise: string): Fields {
  if (typeof value !== 'object' || value === null) throw unusable(otherwise)
  return value as Fields
}

/** 1 to `countMax` things. */
function listOf(value: unknown, countMax: number, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw unusable(`no ${what}`)
  if (value.length > countMax) throw unusable(`too many ${what}`)
  return value as readonly unknown[]
}

function nameOf(value: unknown, pattern: RegExp, otherwise: string): string {
  if (typeof value !== 'string' || value.length > EXTRACTOR_LIMITS.nameLengthMax || !pattern.test(value))
    throw unusable(otherwise)
  return value
}

function oneOf<T extends string>(known: readonly T[], value: unknown, otherwise: string): T {
  const found = known.find((name) => name === value)
  if (found === undefined) throw unusable(otherwise)
  return found
}
