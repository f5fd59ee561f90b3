import { invalid } from '../../domain/errors.js'
import type { Page } from '../../domain/ports.js'
import type { Encounter, EncounterStatus, SampleSummary, Subject, SubjectDetails } from '../../domain/subject.js'
import type { AddEncounterRequest__Output } from '../../generated/portcullis/v1/AddEncounterRequest.js'
import type { CreateSubjectRequest__Output } from '../../generated/portcullis/v1/CreateSubjectRequest.js'
import type { DeleteSubjectRequest__Output } from '../../generated/portcullis/v1/DeleteSubjectRequest.js'
import type { Encounter as EncounterProto } from '../../generated/portcullis/v1/Encounter.js'
import type { EncounterStatus__Output } from '../../generated/portcullis/v1/EncounterStatus.js'
import type { EnrolledSample } from '../../generated/portcullis/v1/EnrolledSample.js'
import type { ListSubjectsResponse } from '../../generated/portcullis/v1/ListSubjectsResponse.js'
import type { MergeSubjectsRequest__Output } from '../../generated/portcullis/v1/MergeSubjectsRequest.js'
import type { NewEncounter__Output } from '../../generated/portcullis/v1/NewEncounter.js'
import type { SetGalleriesRequest__Output } from '../../generated/portcullis/v1/SetGalleriesRequest.js'
import type { Subject as SubjectProto } from '../../generated/portcullis/v1/Subject.js'
import type { UpdateEncounterStatusRequest__Output } from '../../generated/portcullis/v1/UpdateEncounterStatusRequest.js'
import type {
  AddEncounterCommand,
  CreateSubjectCommand,
  DeleteSubjectCommand,
  EncounterInput,
  MergeSubjectsCommand,
  SetGalleriesCommand,
  UpdateEncounterStatusCommand,
} from '../../services/commands.js'
import { definitions } from '../proto.js'
import { enumFromProto, imageFromProto, required, timestampFromProto } from './fields.js'
import { fingerReportToProto, fingersFromProto } from './fingers.js'
import { mutationFromProto } from './fingerprint.js'
import { faceToProto, imageInfoToProto, qualityToProto, timestampToProto } from './reports.js'

// EnrolmentService. Every `…FromProto` throws DomainError INVALID_ARGUMENT naming the field that is wrong.

const methods = definitions.enrolment

export function createSubjectFromProto(request: CreateSubjectRequest__Output): CreateSubjectCommand {
  return {
    ...mutationFromProto(methods.CreateSubject.requestSerialize, request),
    subjectId: request.subjectId,
    details: detailsFromProto(request),
    galleryIds: request.galleryIds,
    encounter: request.encounter === null ? null : encounterFromProto(request.encounter),
  }
}

export function addEncounterFromProto(request: AddEncounterRequest__Output): AddEncounterCommand {
  return {
    ...mutationFromProto(methods.AddEncounter.requestSerialize, request),
    subjectId: request.subjectId,
    encounter: encounterFromProto(required('encounter', request.encounter)),
  }
}

export function setGalleriesFromProto(request: SetGalleriesRequest__Output): SetGalleriesCommand {
  return {
    ...mutationFromProto(methods.SetGalleries.requestSerialize, request),
    subjectId: request.subjectId,
    galleryIds: request.galleryIds,
  }
}

export function updateEncounterStatusFromProto(
  request: UpdateEncounterStatusRequest__Output,
): UpdateEncounterStatusCommand {
  const status = enumFromProto('status', request.status, STATUS_FROM_PROTO)
  if (status === null) throw invalid('status', 'ENCOUNTER_STATUS_ACTIVE or ENCOUNTER_STATUS_INACTIVE', 'neither')
  return {
    ...mutationFromProto(methods.UpdateEncounterStatus.requestSerialize, request),
    subjectId: request.subjectId,
    encounterId: request.encounterId,
    status,
  }
}

export function mergeSubjectsFromProto(request: MergeSubjectsRequest__Output): MergeSubjectsCommand {
  return {
    ...mutationFromProto(methods.MergeSubjects.requestSerialize, request),
    intoSubjectId: request.intoSubjectId,
    fromSubjectId: request.fromSubjectId,
  }
}

export function deleteSubjectFromProto(request: DeleteSubjectRequest__Output): DeleteSubjectCommand {
  return {
    ...mutationFromProto(methods.DeleteSubject.requestSerialize, request),
    subjectId: request.subjectId,
  }
}

export function subjectToProto(subject: Subject): SubjectProto {
  return {
    subjectId: subject.id,
    externalId: subject.externalId,
    displayName: subject.displayName,
    attributes: { ...subject.attributes },
    galleryIds: [...subject.galleryIds],
    encounters: subject.encounters.map(encounterToProto),
    createdAt: timestampToProto(subject.createdAtMs),
    updatedAt: timestampToProto(subject.updatedAtMs),
  }
}

export function subjectsToProto(page: Page<Subject>): ListSubjectsResponse {
  return { subjects: page.items.map(subjectToProto), nextPageToken: page.nextPageToken }
}

const STATUS_FROM_PROTO: Readonly<Record<EncounterStatus__Output, EncounterStatus | null>> = {
  ENCOUNTER_STATUS_UNSPECIFIED: null,
  ENCOUNTER_STATUS_ACTIVE: 'active',
  ENCOUNTER_STATUS_INACTIVE: 'inactive',
}

const STATUS_TO_PROTO: Readonly<Record<EncounterStatus, EncounterStatus__Output>> = {
  active: 'ENCOUNTER_STATUS_ACTIVE',
  inactive: 'ENCOUNTER_STATUS_INACTIVE',
}

function detailsFromProto({ externalId, displayName, attributes }: CreateSubjectRequest__Output): SubjectDetails {
  return { externalId, displayName, attributes }
}

function encounterFromProto(encounter: NewEncounter__Output): EncounterInput {
  return {
    encounterId: encounter.encounterId,
    source: encounter.source,
    capturedAtMs: timestampFromProto('encounter.captured_at', encounter.capturedAt),
    images: encounter.samples.map((sample, i) => imageFromProto(`encounter.samples[${i}]`, sample)),
    fingers: fingersFromProto('encounter.fingers', encounter.fingers),
  }
}

function encounterToProto(encounter: Encounter): EncounterProto {
  return {
    encounterId: encounter.id,
    status: STATUS_TO_PROTO[encounter.status],
    source: encounter.source,
    capturedAt: encounter.capturedAtMs === null ? null : timestampToProto(encounter.capturedAtMs),
    createdAt: timestampToProto(encounter.createdAtMs),
    samples: encounter.samples.map(sampleToProto),
  }
}

function sampleToProto(sample: SampleSummary): EnrolledSample {
  const { kind, algorithm } = sample
  if (kind === 'imported-template') return { kind, algorithm }
  if (kind !== 'face-image') return { kind, algorithm, finger: fingerReportToProto(sample) }
  const { face, quality } = sample
  return { kind, image: imageInfoToProto(sample), face: faceToProto(face), quality: qualityToProto(quality), algorithm }
}
