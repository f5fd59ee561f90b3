import { invalid } from '../../domain/errors.js'
import type { FingerReadOptions } from '../../domain/finger-codec.js'
import type { FingerFormat, FingerPosition, FingerView, MinutiaType, RecordMinutia } from '../../domain/finger.js'
import type { ConvertResponse } from '../../generated/portcullis/v1/ConvertResponse.js'
import type { FingerFormat__Output } from '../../generated/portcullis/v1/FingerFormat.js'
import type { FingerPosition__Output } from '../../generated/portcullis/v1/FingerPosition.js'
import type { FingerTemplate__Output } from '../../generated/portcullis/v1/FingerTemplate.js'
import type { FingerView as FingerViewProto } from '../../generated/portcullis/v1/FingerView.js'
import type { InspectResponse } from '../../generated/portcullis/v1/InspectResponse.js'
import type { Minutia } from '../../generated/portcullis/v1/Minutia.js'
import type { MinutiaType__Output } from '../../generated/portcullis/v1/MinutiaType.js'
import type { Conversion, Inspection } from '../../services/finger-formats.js'
import { enumFromProto, required } from './fields.js'

// TemplateService.Convert and Inspect: fingerprint templates and what they hold.

const FORMAT_TO_PROTO: Readonly<Record<FingerFormat, FingerFormat__Output>> = {
  'iso-19794-2-2005': 'FINGER_FORMAT_ISO_19794_2_2005',
  'iso-19794-2-2011': 'FINGER_FORMAT_ISO_19794_2_2011',
  'ansi-378-2004': 'FINGER_FORMAT_ANSI_378_2004',
  'ansi-378-2009': 'FINGER_FORMAT_ANSI_378_2009',
  'ansi-378-2009-am1': 'FINGER_FORMAT_ANSI_378_2009_AM1',
  'iso-card-normal': 'FINGER_FORMAT_ISO_CARD_NORMAL',
  'iso-card-compact': 'FINGER_FORMAT_ISO_CARD_COMPACT',
  xyt: 'FINGER_FORMAT_XYT',
}

/** Null is unspecified. */
const FORMAT_FROM_PROTO: Readonly<Record<FingerFormat__Output, FingerFormat | null>> = {
  FINGER_FORMAT_UNSPECIFIED: null,
  FINGER_FORMAT_ISO_19794_2_2005: 'iso-19794-2-2005',
  FINGER_FORMAT_ISO_19794_2_2011: 'iso-19794-2-2011',
  FINGER_FORMAT_ANSI_378_2004: 'ansi-378-2004',
  FINGER_FORMAT_ANSI_378_2009: 'ansi-378-2009',
  FINGER_FORMAT_ANSI_378_2009_AM1: 'ansi-378-2009-am1',
  FINGER_FORMAT_ISO_CARD_NORMAL: 'iso-card-normal',
  FINGER_FORMAT_ISO_CARD_COMPACT: 'iso-card-compact',
  FINGER_FORMAT_XYT: 'xyt',
}

export const POSITION_TO_PROTO: Readonly<Record<FingerPosition, FingerPosition__Output>> = {
  unknown: 'FINGER_POSITION_UNKNOWN',
  'right-thumb': 'FINGER_POSITION_RIGHT_THUMB',
  'right-index': 'FINGER_POSITION_RIGHT_INDEX',
  'right-middle': 'FINGER_POSITION_RIGHT_MIDDLE',
  'right-ring': 'FINGER_POSITION_RIGHT_RING',
  'right-little': 'FINGER_POSITION_RIGHT_LITTLE',
  'left-thumb': 'FINGER_POSITION_LEFT_THUMB',
  'left-index': 'FINGER_POSITION_LEFT_INDEX',
  'left-middle': 'FINGER_POSITION_LEFT_MIDDLE',
  'left-ring': 'FINGER_POSITION_LEFT_RING',
  'left-little': 'FINGER_POSITION_LEFT_LITTLE',
}

export const POSITION_FROM_PROTO: Readonly<Record<FingerPosition__Output, FingerPosition>> = {
  FINGER_POSITION_UNKNOWN: 'unknown',
  FINGER_POSITION_RIGHT_THUMB: 'right-thumb',
  FINGER_POSITION_RIGHT_INDEX: 'right-index',
  FINGER_POSITION_RIGHT_MIDDLE: 'right-middle',
  FINGER_POSITION_RIGHT_RING: 'right-ring',
  FINGER_POSITION_RIGHT_LITTLE: 'right-little',
  FINGER_POSITION_LEFT_THUMB: 'left-thumb',
  FINGER_POSITION_LEFT_INDEX: 'left-index',
  FINGER_POSITION_LEFT_MIDDLE: 'left-middle',
  FINGER_POSITION_LEFT_RING: 'left-ring',
  FINGER_POSITION_LEFT_LITTLE: 'left-little',
}

const TYPE_TO_PROTO: Readonly<Record<MinutiaType, MinutiaType__Output>> = {
  other: 'MINUTIA_TYPE_OTHER',
  ending: 'MINUTIA_TYPE_ENDING',
  bifurcation: 'MINUTIA_TYPE_BIFURCATION',
}

/** @throws DomainError INVALID_ARGUMENT on `field` when there is no template, on `field`.data when it has no bytes */
export function fingerTemplateFromProto(
  field: string,
  template: FingerTemplate__Output | null,
): { readonly bytes: Uint8Array; readonly options: FingerReadOptions } {
  const { data, format: formatProto, lenient, frame } = required(field, template)
  if (data.length === 0) throw invalid(`${field}.data`, 'a fingerprint template', 'no bytes')
  const format = enumFromProto(`${field}.format`, formatProto, FORMAT_FROM_PROTO)
  const options: FingerReadOptions = {
    mode: lenient ? 'lenient' : 'strict',
    ...(format === null ? {} : { format }),
    ...(frame === null ? {} : { frame }),
  }
  return { bytes: data, options }
}

/** @throws DomainError INVALID_ARGUMENT when unspecified */
export function targetFromProto(field: string, format: FingerFormat__Output): FingerFormat {
  const target = enumFromProto(field, format, FORMAT_FROM_PROTO)
  if (target === null) throw invalid(field, 'a format', 'none')
  return target
}

export function conversionToProto({ bytes, sourceFormat, warnings }: Conversion): ConvertResponse {
  return { data: Buffer.from(bytes), sourceFormat: FORMAT_TO_PROTO[sourceFormat], warnings: [...warnings] }
}

export function inspectionToProto({ record, drawings }: Inspection): InspectResponse {
  return {
    format: FORMAT_TO_PROTO[record.format],
    views: record.views.map((view, i) => viewToProto(view, drawings[i] ?? '')),
    warnings: [...record.warnings],
  }
}

function viewToProto(view: FingerView, svg: string): FingerViewProto {
  const { position, quality, minutiae, ...numbers } = view
  return {
    ...numbers,
    position: POSITION_TO_PROTO[position],
    ...(quality === null ? {} : { quality }),
    minutiae: minutiae.map(minutiaToProto),
    svg,
  }
}

function minutiaToProto({ type, xPx, yPx, angleRad, quality }: RecordMinutia): Minutia {
  const angleDeg = (angleRad * 180) / Math.PI
  return { type: TYPE_TO_PROTO[type], xPx, yPx, angleDeg, ...(quality === null ? {} : { quality }) }
}
