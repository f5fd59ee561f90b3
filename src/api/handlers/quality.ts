import type { QualityServiceHandlers } from '../../generated/portcullis/v1/QualityService.js'
import type { AssessmentService } from '../../services/assessment.js'
import { assessmentToProto } from '../codec/analyses.js'
import { imageFromProto } from '../codec/fields.js'
import type { Rpc } from '../rpc.js'

/** QualityService: whether a sample is good enough, before it is used. Decode, call, encode; no decisions here. */
export function qualityHandlers(service: AssessmentService, rpc: Rpc): QualityServiceHandlers {
  return {
    Assess: rpc.unary(async (request, context) =>
      assessmentToProto(await service.assess(imageFromProto('image', request.image), context)),
    ),
  }
}
