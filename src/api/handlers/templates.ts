import { DEFAULT_POLICY } from '../../domain/gallery.js'
import type { ImportTemplatesRequest__Output } from '../../generated/portcullis/v1/ImportTemplatesRequest.js'
import type { ImportTemplatesResult } from '../../generated/portcullis/v1/ImportTemplatesResult.js'
import type { TemplateServiceHandlers } from '../../generated/portcullis/v1/TemplateService.js'
import type { TemplateImportService } from '../../services/template-import.js'
import type { TemplateService } from '../../services/templates.js'
import { extractionToProto } from '../codec/analyses.js'
import { enumFromProto, imageFromProto, MULTI_FACE_FROM_PROTO } from '../codec/fields.js'
import { checkItemNumber, failedItem } from '../codec/items.js'
import { importedToProto, importFromProto } from '../codec/template-imports.js'
import type { Rpc } from '../rpc.js'

/** TemplateService: templates without enrolment, and enrolment without samples. Decode, call, encode; no decisions here. */
export function templateHandlers(
  service: TemplateService,
  imports: TemplateImportService,
  rpc: Rpc,
): TemplateServiceHandlers {
  return {
    Extract: rpc.unary(async (request, context) => {
      const image = imageFromProto('image', request.image)
      const multiFace = enumFromProto('multi_face', request.multiFace, MULTI_FACE_FROM_PROTO)
      const policy = multiFace ?? DEFAULT_POLICY.multiFace
      return extractionToProto(await service.extract(image, policy, context, request.minimumQuality))
    }),
    ImportTemplates: rpc.items({
      work: async (request: ImportTemplatesRequest__Output, context): Promise<ImportTemplatesResult> => {
        const item = checkItemNumber(request.item)
        const batch = await imports.importBatch(importFromProto(request), context)
        return { item, imported: importedToProto(batch, (error) => rpc.statusOf(error, context)) }
      },
      failed: failedItem,
    }),
  }
}
