import type { Metadata } from '@grpc/grpc-js'
import { messageType } from '../../../src/api/proto.js'
import type { Any__Output } from '../../../src/generated/google/protobuf/Any.js'
import type { BadRequest__Output } from '../../../src/generated/google/rpc/BadRequest.js'
import type { ErrorInfo__Output } from '../../../src/generated/google/rpc/ErrorInfo.js'
import type { PreconditionFailure__Output } from '../../../src/generated/google/rpc/PreconditionFailure.js'
import type { RequestInfo__Output } from '../../../src/generated/google/rpc/RequestInfo.js'
import type { RetryInfo__Output } from '../../../src/generated/google/rpc/RetryInfo.js'
import type { Status__Output } from '../../../src/generated/google/rpc/Status.js'

/** A google.rpc.Status as a caller reads it; details that were not sent are absent. */
export interface DecodedStatus {
  code: number
  message: string
  errorInfo?: ErrorInfo__Output
  badRequest?: BadRequest__Output
  preconditionFailure?: PreconditionFailure__Output
  retryInfo?: RetryInfo__Output
  requestInfo?: RequestInfo__Output
}

/** Decodes the `grpc-status-details-bin` trailer of a failed call. */
export function detailsOf(failure: { metadata: Metadata }): DecodedStatus {
  const bytes = failure.metadata.get('grpc-status-details-bin')[0]
  if (!Buffer.isBuffer(bytes)) throw new Error('the call carries no status details')
  return decodeStatus(messageType<object, Status__Output>('google.rpc.Status').deserialize(bytes))
}

/** Decodes the details of a Status, also of one that came as the answer of an item. */
export function decodeStatus(status: Status__Output): DecodedStatus {
  const decoded = Object.fromEntries(status.details.map((any) => [fieldOf(any), unpack(any)]))
  return { code: status.code, message: status.message, ...decoded }
}

/** "type.googleapis.com/google.rpc.ErrorInfo" → "errorInfo" */
function fieldOf(any: Any__Output): string {
  const name = any.type_url.slice(any.type_url.lastIndexOf('.') + 1)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function unpack(any: Any__Output): object {
  const name = any.type_url.slice('type.googleapis.com/'.length)
  return messageType<object, object>(name).deserialize(any.value)
}
