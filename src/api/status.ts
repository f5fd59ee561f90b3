import { Metadata, status as Code, type ServerErrorResponse } from '@grpc/grpc-js'
import { DomainError, type ErrorCode } from '../domain/errors.js'
import type { Any } from '../generated/google/protobuf/Any.js'
import type { Status } from '../generated/google/rpc/Status.js'
import { messageType } from './proto.js'
import { domainDetails, requestInfo } from './status-details.js'

/**
 * The gRPC status of every error; docs/errors.md tells callers what to do about each.
 * A new code does not compile until it has a row here.
 */
export const STATUS_OF: Readonly<Record<ErrorCode, Code>> = {
  INVALID_ARGUMENT: Code.INVALID_ARGUMENT,
  PARSE_ERROR: Code.INVALID_ARGUMENT,
  FORMAT_UNSUPPORTED: Code.INVALID_ARGUMENT,
  LIMIT_EXCEEDED: Code.INVALID_ARGUMENT,
  REQUEST_ID_REUSED: Code.INVALID_ARGUMENT,
  NO_FACE: Code.FAILED_PRECONDITION,
  NO_FINGER: Code.FAILED_PRECONDITION,
  MULTIPLE_FACES: Code.FAILED_PRECONDITION,
  QUALITY_TOO_LOW: Code.FAILED_PRECONDITION,
  MODEL_MISMATCH: Code.FAILED_PRECONDITION,
  MODEL_NOT_INSTALLED: Code.FAILED_PRECONDITION,
  NOT_CALIBRATED: Code.FAILED_PRECONDITION,
  SUBJECT_NOT_FOUND: Code.NOT_FOUND,
  ENCOUNTER_NOT_FOUND: Code.NOT_FOUND,
  GALLERY_NOT_FOUND: Code.NOT_FOUND,
  SEARCH_NOT_FOUND: Code.NOT_FOUND,
  SUBJECT_EXISTS: Code.ALREADY_EXISTS,
  ENCOUNTER_EXISTS: Code.ALREADY_EXISTS,
  GALLERY_EXISTS: Code.ALREADY_EXISTS,
  GALLERY_NOT_EMPTY: Code.FAILED_PRECONDITION,
  OUTCOME_CONFLICT: Code.FAILED_PRECONDITION,
  OVERLOADED: Code.RESOURCE_EXHAUSTED,
  UNAVAILABLE: Code.UNAVAILABLE,
  DEADLINE_EXCEEDED: Code.DEADLINE_EXCEEDED,
  CANCELLED: Code.CANCELLED,
}

/** A google.rpc.Status with all its parts. */
export interface ErrorStatus extends Status {
  code: Code
  message: string
  details: Any[]
}

/** All that a caller learns of a bug: the rest is in the log, under the request id. */
export const INTERNAL_MESSAGE = 'internal error; quote the request id'

const STATUS_TYPE = messageType<Status, object>('google.rpc.Status')

/**
 * What a caller is told of an error, with its details (https://google.aip.dev/193).
 * @param error a DomainError; anything else is a bug and is told as nothing but INTERNAL with the call's id
 */
export function statusOf(error: unknown, callId: string): ErrorStatus {
  if (!(error instanceof DomainError))
    return { code: Code.INTERNAL, message: INTERNAL_MESSAGE, details: [requestInfo(callId)] }
  const details = [...domainDetails(error), requestInfo(callId)]
  return { code: STATUS_OF[error.code], message: error.message, details }
}

/** What gRPC ends a call with. */
export type FailedCall = Required<Pick<ServerErrorResponse, 'code' | 'details' | 'metadata'>>

/** The same as a failed call carries it: code and message, and all of it again in `grpc-status-details-bin`. */
export function failedCall(status: ErrorStatus): FailedCall {
  const metadata = new Metadata()
  metadata.set('grpc-status-details-bin', STATUS_TYPE.serialize(status))
  return { code: status.code, details: status.message, metadata }
}
