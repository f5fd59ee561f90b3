import type { MultiFacePolicy } from '../../domain/gallery.js'
import { invalid } from '../../domain/errors.js'
import type { PageRequest } from '../../domain/ports.js'
import type { Timestamp__Output } from '../../generated/google/protobuf/Timestamp.js'
import type { FaceImage__Output } from '../../generated/portcullis/v1/FaceImage.js'
import type { MultiFacePolicy__Output } from '../../generated/portcullis/v1/MultiFacePolicy.js'

// What several requests have in common, from the wire into the domain.
// Only what the wire allows and the domain's types do not is refused here; the services check the values.

/** @throws DomainError INVALID_ARGUMENT on `field` when there is no image, on `field`.data when it has no bytes */
export function imageFromProto(field: string, image: FaceImage__Output | null | undefined): Uint8Array {
  if (image === null || image === undefined) throw invalid(field, 'an encoded image', 'nothing')
  if (image.data.length === 0) throw invalid(`${field}.data`, 'an encoded image', 'no bytes')
  return image.data
}

/** @throws DomainError INVALID_ARGUMENT when a required message is absent */
export function required<T>(field: string, value: T | null | undefined): T {
  if (value === null || value === undefined) throw invalid(field, 'a value', 'nothing')
  return value
}

/**
 * Reads an enum. A value that this version does not know arrives as its number, and must not pass as a default.
 * @throws DomainError INVALID_ARGUMENT
 */
export function enumFromProto<Wire extends string, T>(field: string, value: Wire, table: Readonly<Record<Wire, T>>): T {
  if (!Object.hasOwn(table, value)) throw invalid(field, `one of ${Object.keys(table).join(', ')}`, 'an unknown number')
  return table[value]
}

/** Null means that the caller leaves the choice to the galleries' policy or the default. */
export const MULTI_FACE_FROM_PROTO: Readonly<Record<MultiFacePolicy__Output, MultiFacePolicy | null>> = {
  MULTI_FACE_UNSPECIFIED: null,
  MULTI_FACE_REJECT_SEVERAL: 'reject-several',
  MULTI_FACE_MOST_CENTRAL: 'most-central',
  MULTI_FACE_LARGEST: 'largest',
  MULTI_FACE_ALL: 'all',
}

/** Seconds from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, the range of google.protobuf.Timestamp. */
const TIMESTAMP_SECONDS = { min: -62_135_596_800, max: 253_402_300_799 } as const

/**
 * @returns epoch milliseconds, rounded down; null when absent
 * @throws DomainError INVALID_ARGUMENT outside the years 1 to 9999, or when `nanos` is not 0 to 999,999,999
 */
export function timestampFromProto(field: string, timestamp: Timestamp__Output | null): number | null {
  if (timestamp === null) return null
  const { seconds, nanos } = timestamp
  const secondsInRange = seconds >= TIMESTAMP_SECONDS.min && seconds <= TIMESTAMP_SECONDS.max
  if (!secondsInRange || nanos < 0 || nanos > 999_999_999)
    throw invalid(field, 'a time from year 1 to 9999 with 0 to 999999999 nanos', 'a time outside')
  return seconds * 1000 + Math.floor(nanos / 1e6)
}

/** @throws DomainError INVALID_ARGUMENT when it is not a number: NaN would compare false with every score */
export function thresholdFromProto(score: number | undefined): number | null {
  if (score === undefined) return null
  if (!Number.isFinite(score)) throw invalid('threshold_score', 'a number from -1 to 1', 'no finite number')
  return score
}

export function pageFromProto(request: { readonly pageSize: number; readonly pageToken: string }): PageRequest {
  return { pageSize: request.pageSize, pageToken: request.pageToken }
}
