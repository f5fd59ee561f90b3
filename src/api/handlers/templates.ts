import { DEFAULT_POLICY } from '../../domain/gallery.js'
import type { ImportTemplatesRequest__Output } from '../../generated/portcullis/v1/ImportTemplatesRequest.js'
import type { ImportTemplatesResult } from '../../generated/portcullis/v1/ImportTemplatesResult.js'
import type { TemplateServiceHandlers } from '../../generated/portcullis/v1/TemplateService.js'
import type { TemplateImportService } from '../../services/template-import.js'
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
import { checkItemNumber, failedItem } from '../codec/items.js'
import { importedToProto, importFromProto } from '../codec/template-imports.js'
import type { Rpc } from '../rpc.js'

export interface TemplateServices {
  readonly templates: TemplateService
  readonly templateImport: TemplateImportService
  readonly fingerFormats: FingerFormatService
}

/** TemplateService: templates without enrolment, and enrolment without samples. Decode, call, encode; no decisions here. */
export function templateHandlers(services: TemplateServices, rpc: Rpc): TemplateServiceHandlers {
  const { templates, templateImport, fingerFormats } = services
  return {
    Extract: rpc.unary(async (request, context) => {
      const image = imageFromProto('image', request.image)
      const multiFace = enumFromProto('multi_face', request.multiFace, MULTI_FACE_FROM_PROTO)
      const policy = multiFace ?? DEFAULT_POLICY.multiFace
      return extractionToProto(await templates.extract(image, policy, context, request.minimumQuality))
    }),
    ImportTemplates: rpc.items({
      work: async (request: ImportTemplatesRequest__Output, context): Promise<ImportTemplatesResult> => {
        const item = checkItemNumber(request.item)
        const batch = await templateImport.importBatch(importFromProto(request), context)
        return { item, imported: importedToProto(batch, (error) => rpc.statusOf(error, context)) }
      },
      failed: failedItem,
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
