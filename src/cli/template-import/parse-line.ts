import { endianness } from 'node:os'
import type { TemplateImport } from '../../generated/portcullis/v1/TemplateImport.js'

const TEXTS = [
  'subject_id',
  'external_id',
  'display_name',
  'encounter_id',
  'source',
  'algorithm',
  'captured_at',
] as const
const KNOWN: ReadonlySet<string> = new Set([...TEXTS, 'attributes', 'features', 'features_f32'])

/**
 * One template of a JSON Lines file; docs of the fields: `portcullis template import --help`.
 * @param algorithm of the lines that name none
 * @throws Error with one sentence; it repeats no value of the line
 */
export function parseLine(text: string, algorithm: string): TemplateImport {
  const line = readObject(text)
  for (const name of Object.keys(line)) if (!KNOWN.has(name)) throw new Error('a field that is not known')
  const { subjectId, externalId, displayName, encounterId, source, ...texts } = readTexts(line)
  if (subjectId === '') throw new Error('subject_id is missing')
  return {
    subjectId,
    externalId,
    displayName,
    encounterId,
    source,
    attributes: readAttributes(line.attributes),
    capturedAt: readTime(texts.capturedAt),
    template: { algorithm: texts.algorithm === '' ? algorithm : texts.algorithm, features: readFeatures(line) },
  }
}

type Fields = Readonly<Record<string, unknown>>

function readObject(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('it is not JSON') // the parser's own message repeats the line
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not a JSON object')
  return value as Fields
}

function readTexts(line: Fields) {
  const [subjectId, externalId, displayName, encounterId, source, algorithm, capturedAt] = TEXTS.map((name) => {
    const value = line[name] ?? ''
    if (typeof value !== 'string') throw new Error(`${name} is not a text`)
    return value
  }) as [string, string, string, string, string, string, string]
  return { subjectId, externalId, displayName, encounterId, source, algorithm, capturedAt }
}

function readAttributes(value: unknown): Record<string, string> {
  if (value === undefined) return {}
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isMap || Object.values(value).some((text) => typeof text !== 'string'))
    throw new Error('attributes is not an object of texts')
  return value as Record<string, string>
}

function readTime(text: string): { seconds: number; nanos: number } | null {
  if (text === '') return null
  const ms = Date.parse(text)
  if (!Number.isFinite(ms)) throw new Error('captured_at is not a time such as 2026-01-31T12:00:00Z')
  const seconds = Math.floor(ms / 1000)
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 }
}

/** `features` as numbers, or `features_f32` as base64 of little-endian float32. */
function readFeatures(line: Fields): number[] {
  const { features, features_f32: packed } = line
  if ((features === undefined) === (packed === undefined))
    throw new Error('exactly one of features and features_f32 must be there')
  if (packed === undefined) {
    if (!Array.isArray(features) || features.some((value) => typeof value !== 'number'))
      throw new Error('features is not a list of numbers')
    return features as number[]
  }
  const bytes = typeof packed === 'string' ? Buffer.from(packed, 'base64') : Buffer.alloc(0)
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw new Error('features_f32 is not base64 of float32 values')
  if (endianness() === 'BE') bytes.swap32()
  return Array.from(new Float32Array(new Uint8Array(bytes).buffer)) // a copy, aligned as Float32Array needs it
}
