import type { CallContext } from '../../domain/context.js'
import { invalid } from '../../domain/errors.js'
import type { Subject } from '../../domain/subject.js'
import type { BulkEnrolRequest__Output } from '../../generated/portcullis/v1/BulkEnrolRequest.js'
import type { BulkEnrolResult } from '../../generated/portcullis/v1/BulkEnrolResult.js'
import type { EnrolmentServiceHandlers } from '../../generated/portcullis/v1/EnrolmentService.js'
import type { EnrolmentService } from '../../services/enrolment.js'
import {
  addEncounterFromProto,
  createSubjectFromProto,
  deleteSubjectFromProto,
  mergeSubjectsFromProto,
  setGalleriesFromProto,
  subjectsToProto,
  subjectToProto,
  updateEncounterStatusFromProto,
} from '../codec/enrolment.js'
import { pageFromProto } from '../codec/fields.js'
import { checkItemNumber, failedItem } from '../codec/items.js'
import type { Rpc } from '../rpc.js'

/** EnrolmentService: subjects of interest and their encounters. Decode, call, encode; no decisions here. */
export function enrolmentHandlers(service: EnrolmentService, rpc: Rpc): EnrolmentServiceHandlers {
  return {
    CreateSubject: rpc.unary(async (request, context) =>
      subjectToProto(await service.createSubject(createSubjectFromProto(request), context)),
    ),
    AddEncounter: rpc.unary(async (request, context) =>
      subjectToProto(await service.addEncounter(addEncounterFromProto(request), context)),
    ),
    GetSubject: rpc.unary(async (request) => subjectToProto(await service.getSubject(request.subjectId))),
    ListSubjects: rpc.unary(async (request) =>
      subjectsToProto(await service.listSubjects(request.galleryId, pageFromProto(request))),
    ),
    SetGalleries: rpc.unary(async (request, context) =>
      subjectToProto(await service.setGalleries(setGalleriesFromProto(request), context)),
    ),
    UpdateEncounterStatus: rpc.unary(async (request, context) =>
      subjectToProto(await service.updateEncounterStatus(updateEncounterStatusFromProto(request), context)),
    ),
    MergeSubjects: rpc.unary(async (request, context) =>
      subjectToProto(await service.mergeSubjects(mergeSubjectsFromProto(request), context)),
    ),
    DeleteSubject: rpc.unary(async (request, context) => {
      await service.deleteSubject(deleteSubjectFromProto(request), context)
      return {}
    }),
    BulkEnrol: rpc.items({
      work: async (request: BulkEnrolRequest__Output, context): Promise<BulkEnrolResult> => {
        const item = checkItemNumber(request.item)
        return { item, subject: subjectToProto(await enrolItem(service, request, context)) }
      },
      failed: failedItem,
    }),
  }
}

function enrolItem(
  service: EnrolmentService,
  request: BulkEnrolRequest__Output,
  context: CallContext,
): Promise<Subject> {
  if (request.createSubject) return service.createSubject(createSubjectFromProto(request.createSubject), context)
  if (request.addEncounter) return service.addEncounter(addEncounterFromProto(request.addEncounter), context)
  throw invalid('operation', 'create_subject or add_encounter', 'neither')
}
