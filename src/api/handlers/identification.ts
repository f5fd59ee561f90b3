import type { BatchIdentifyRequest__Output } from '../../generated/portcullis/v1/BatchIdentifyRequest.js'
import type { BatchIdentifyResult } from '../../generated/portcullis/v1/BatchIdentifyResult.js'
import type { IdentificationServiceHandlers } from '../../generated/portcullis/v1/IdentificationService.js'
import type { IdentificationService } from '../../services/identification.js'
import type { GalleryMonitor } from '../../services/monitor/gallery-monitor.js'
import { required } from '../codec/fields.js'
import {
  identificationToProto,
  identifyFromProto,
  verificationToProto,
  verifyFromProto,
} from '../codec/identification.js'
import { checkItemNumber, failedItem } from '../codec/items.js'
import { outcomeReportFromProto } from '../codec/monitor.js'
import type { Rpc } from '../rpc.js'

export interface IdentificationServices {
  readonly identification: IdentificationService
  readonly monitor: GalleryMonitor
}

/** IdentificationService: 1:N and 1:1, and what came of it. Decode, call, encode; no decisions here. */
export function identificationHandlers(
  { identification: service, monitor }: IdentificationServices,
  rpc: Rpc,
): IdentificationServiceHandlers {
  return {
    Identify: rpc.unary(async (request, context) =>
      identificationToProto(await service.identify(identifyFromProto(request), context)),
    ),
    Verify: rpc.unary(async (request, context) =>
      verificationToProto(await service.verify(verifyFromProto(request), context)),
    ),
    BatchIdentify: rpc.items({
      work: async ({ item, request }: BatchIdentifyRequest__Output, context): Promise<BatchIdentifyResult> => {
        const command = identifyFromProto(required('request', request))
        return {
          item: checkItemNumber(item),
          response: identificationToProto(await service.identify(command, context)),
        }
      },
      failed: failedItem,
    }),
    ReportOutcome: rpc.unary(async (request) => monitor.report(outcomeReportFromProto(request))),
  }
}
