import type { ErrorStatus } from '../status.js'
import type { ImportedTemplates } from '../../generated/portcullis/v1/ImportedTemplates.js'
import type { ImportTemplatesRequest__Output } from '../../generated/portcullis/v1/ImportTemplatesRequest.js'
import type { TemplateImport__Output } from '../../generated/portcullis/v1/TemplateImport.js'
import type { ImportBatch, ImportedBatch, TemplateInput } from '../../services/template-import.js'
import { timestampFromProto } from './fields.js'

// TemplateService.ImportTemplates.

/** A field that one template has wrong must not refuse the others: it is read when that template's turn comes. */
export function importFromProto(request: ImportTemplatesRequest__Output): ImportBatch {
  return {
    galleryIds: request.galleryIds,
    templates: request.templates.map((template) => () => templateFromProto(template)),
  }
}

export function importedToProto(batch: ImportedBatch, statusOf: (error: unknown) => ErrorStatus): ImportedTemplates {
  return {
    importedCount: batch.importedCount,
    alreadyThereCount: batch.alreadyThereCount,
    failed: batch.failed.map(({ index, error }) => ({ index, error: statusOf(error) })),
  }
}

function templateFromProto(input: TemplateImport__Output): TemplateInput {
  const { subjectId, externalId, displayName, attributes, encounterId, source, template } = input
  return {
    subjectId,
    details: { externalId, displayName, attributes },
    encounterId,
    source,
    capturedAtMs: timestampFromProto('captured_at', input.capturedAt),
    algorithm: template?.algorithm ?? '',
    features: Float32Array.from(template?.features ?? []),
  }
}
