import type { CallContext } from '../../domain/context.js'
import type { AuditIndexProgress } from '../../generated/portcullis/v1/AuditIndexProgress.js'
import type { AuditIndexRequest__Output } from '../../generated/portcullis/v1/AuditIndexRequest.js'
import type { IndexServiceHandlers } from '../../generated/portcullis/v1/IndexService.js'
import type { VerifyIndexProgress } from '../../generated/portcullis/v1/VerifyIndexProgress.js'
import type { VerifyIndexRequest__Output } from '../../generated/portcullis/v1/VerifyIndexRequest.js'
import type { IndexAdminService } from '../../services/index-admin.js'
import { indexStatusToProto } from '../codec/index.js'
import type { Rpc } from '../rpc.js'

/** IndexService: looking after the searched index. Decode, call, encode; no decisions here. */
export function indexHandlers(service: IndexAdminService, rpc: Rpc): IndexServiceHandlers {
  return {
    GetIndexStatus: rpc.unary(async () => indexStatusToProto(service.status())),
    RebuildIndex: rpc.unary(async (request, context) =>
      indexStatusToProto(await service.rebuild(request.graphOnly, context)),
    ),
    VerifyIndex: rpc.answers(
      (request: VerifyIndexRequest__Output, context: CallContext): AsyncIterable<VerifyIndexProgress> =>
        service.verify(request, context),
    ),
    AuditIndex: rpc.answers(
      (request: AuditIndexRequest__Output, context: CallContext): AsyncIterable<AuditIndexProgress> =>
        service.audit(request, context),
    ),
  }
}
