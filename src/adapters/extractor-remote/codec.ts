import type { FingerImage, FingerImageFormat } from '../../domain/extractor.js'
import { FINGER_POSITIONS } from '../../domain/finger.js'
import type { ExtractorDescription__Output } from '../../generated/portcullis/v1/ExtractorDescription.js'
import type { ExtractorImage } from '../../generated/portcullis/v1/ExtractorImage.js'
import type { ExtractorImageFormat } from '../../generated/portcullis/v1/ExtractorImageFormat.js'

// Domain ↔ wire. Answers are only renamed here; `domain/extractor-answers.ts` says whether they can be used.

const FORMATS: Readonly<Record<FingerImageFormat, ExtractorImageFormat>> = {
  gray8: 'EXTRACTOR_IMAGE_FORMAT_GRAY8',
  png: 'EXTRACTOR_IMAGE_FORMAT_PNG',
  tiff: 'EXTRACTOR_IMAGE_FORMAT_TIFF',
  bmp: 'EXTRACTOR_IMAGE_FORMAT_BMP',
  wsq: 'EXTRACTOR_IMAGE_FORMAT_WSQ',
}

export function imageToProto(image: FingerImage): ExtractorImage {
  const { format, bytes, widthPx, heightPx, resolutionDpi, position, impression } = image
  return {
    format: FORMATS[format],
    data: bytes,
    ...(widthPx === null ? {} : { widthPx }),
    ...(heightPx === null ? {} : { heightPx }),
    ...(resolutionDpi === null ? {} : { resolutionDpi }),
    position: FINGER_POSITIONS.indexOf(position),
    impression,
  }
}

/** With the domain's names; an enum value that this service does not know stays what it is, and is refused. */
export function descriptionFromProto(description: ExtractorDescription__Output): unknown {
  const { identity, modality, inputFormats, outputFormat } = description
  return {
    ...identity,
    modality,
    inputFormats: inputFormats.map((format) => nameOf(format, 'EXTRACTOR_IMAGE_FORMAT_')),
    outputFormat: nameOf(outputFormat, 'EXTRACTOR_TEMPLATE_FORMAT_'),
  }
}

/** "EXTRACTOR_TEMPLATE_FORMAT_ISO_19794_2_2005" → "iso-19794-2-2005"; unknown values arrive as numbers. */
function nameOf(value: unknown, prefix: string): string {
  return String(value).replace(prefix, '').toLowerCase().replaceAll('_', '-')
}
