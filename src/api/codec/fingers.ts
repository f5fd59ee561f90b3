import { invalid } from '../../domain/errors.js'
import type { FingerImageFormat } from '../../domain/extractor.js'
import type { FingerInput } from '../../domain/finger-analysis.js'
import type { FingerReport } from '../../domain/identification.js'
import type { FingerImage__Output } from '../../generated/portcullis/v1/FingerImage.js'
import type { FingerImageFormat__Output } from '../../generated/portcullis/v1/FingerImageFormat.js'
import type { FingerReport as FingerReportProto } from '../../generated/portcullis/v1/FingerReport.js'
import type { FingerSample__Output } from '../../generated/portcullis/v1/FingerSample.js'
import { enumFromProto } from './fields.js'
import { fingerTemplateFromProto, POSITION_FROM_PROTO, POSITION_TO_PROTO } from './finger-templates.js'
import { tellImageFormat } from './image-format.js'

// Fingerprint samples, and what was found in them.

/** The standard's code of a live plain impression: what an image is taken for. */
const LIVE_PLAIN = 0

/** @throws DomainError INVALID_ARGUMENT naming what of `field` is wrong; FORMAT_UNSUPPORTED for an image that nothing tells */
export function fingerFromProto(field: string, sample: FingerSample__Output): FingerInput {
  const position = enumFromProto(`${field}.position`, sample.position, POSITION_FROM_PROTO)
  if (sample.source === 'template')
    return { kind: 'record', position, ...fingerTemplateFromProto(`${field}.template`, sample.template ?? null) }
  if (sample.source !== 'image' || !sample.image) throw invalid(field, 'a template or an image', 'neither')
  const { format, bytes, ...size } = imageFromProto(`${field}.image`, sample.image)
  return { kind: 'image', image: { format, bytes, ...size, position, impression: LIVE_PLAIN } }
}

export function fingersFromProto(field: string, samples: readonly FingerSample__Output[]): readonly FingerInput[] {
  return samples.map((sample, i) => fingerFromProto(`${field}[${i}]`, sample))
}

export function fingerReportToProto(report: FingerReport): FingerReportProto {
  const { position, quality, minutiaeCount, format, extractor } = report
  const known = quality === null ? {} : { quality }
  return { position: POSITION_TO_PROTO[position], minutiaeCount, format, extractor, ...known }
}

const IMAGE_FORMAT_FROM_PROTO: Readonly<Record<FingerImageFormat__Output, FingerImageFormat | null>> = {
  FINGER_IMAGE_FORMAT_UNSPECIFIED: null,
  FINGER_IMAGE_FORMAT_GRAY8: 'gray8',
  FINGER_IMAGE_FORMAT_PNG: 'png',
  FINGER_IMAGE_FORMAT_TIFF: 'tiff',
  FINGER_IMAGE_FORMAT_BMP: 'bmp',
  FINGER_IMAGE_FORMAT_WSQ: 'wsq',
}

function imageFromProto(field: string, image: FingerImage__Output) {
  if (image.data.length === 0) throw invalid(`${field}.data`, 'an image of a finger', 'no bytes')
  const named = enumFromProto(`${field}.format`, image.format, IMAGE_FORMAT_FROM_PROTO)
  return {
    format: named ?? tellImageFormat(`${field}.format`, image.data),
    bytes: image.data,
    widthPx: image.widthPx === 0 ? null : image.widthPx,
    heightPx: image.heightPx === 0 ? null : image.heightPx,
    resolutionDpi: image.resolutionDpi ?? null,
  }
}
