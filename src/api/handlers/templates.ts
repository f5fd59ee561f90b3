import { DEFAULT_POLICY } from '../../domain/gallery.js'
import type { TemplateServiceHandlers } from '../../generated/portcullis/v1/TemplateService.js'
import type { TemplateService } from '../../services/templates.js'
import { extractionToProto } from '../codec/analyses.js'
import { enumFromProto, imageFromProto, MULTI_FACE_FROM_PROTO } from '../codec/fields.js'
import type { Rpc } from '../rpc.js'

/** TemplateService: templates without enrolment. Decode, call, encode; no decisions here. */
export function templateHandlers(service: TemplateService, rpc: Rpc): TemplateServiceHandlers {
  return {
    Extract: rpc.unary(async (request, context) => {
      const image = imageFromProto('image', request.image)
      const multiFace = enumFromProto('multi_face', request.multiFace, MULTI_FACE_FROM_PROTO)
      const policy = multiFace ?? DEFAULT_POLICY.multiFace
      return extractionToProto(await service.extract(image, policy, context, request.minimumQuality))
    }),
  }
}
