import { DEFAULT_POLICY } from '../../domain/gallery.js'
import type { TemplateServiceHandlers } from '../../generated/portcullis/v1/TemplateService.js'
import type { FingerFormatService } from '../../services/finger-formats.js'
import type { TemplateService } from '../../services/templates.js'
import { extractionToProto } from '../codec/analyses.js'
import {
  conversionToProto,
  fingerTemplateFromProto,
  inspectionToProto,
  targetFromProto,
} from '../codec/finger-templates.js'
import { enumFromProto, imageFromProto, MULTI_FACE_FROM_PROTO } from '../codec/fields.js'
import type { Rpc } from '../rpc.js'

/** TemplateService: templates without enrolment. Decode, call, encode; no decisions here. */
export function templateHandlers(
  service: TemplateService,
  fingerFormats: FingerFormatService,
  rpc: Rpc,
): TemplateServiceHandlers {
  return {
    Extract: rpc.unary(async (request, context) => {
      const image = imageFromProto('image', request.image)
      const multiFace = enumFromProto('multi_face', request.multiFace, MULTI_FACE_FROM_PROTO)
      const policy = multiFace ?? DEFAULT_POLICY.multiFace
      return extractionToProto(await service.extract(image, policy, context, request.minimumQuality))
    }),
    Convert: rpc.unary(async ({ template, targetFormat }) => {
      const { bytes, options } = fingerTemplateFromProto('template', template)
      return conversionToProto(fingerFormats.convert(bytes, options, targetFromProto('target_format', targetFormat)))
    }),
    Inspect: rpc.unary(async ({ template }) => {
      const { bytes, options } = fingerTemplateFromProto('template', template)
      return inspectionToProto(fingerFormats.inspect(bytes, options))
    }),
  }
}
