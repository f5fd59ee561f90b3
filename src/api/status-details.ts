import type { DomainError, ErrorCode } from '../domain/errors.js'
import type { Any } from '../generated/google/protobuf/Any.js'
import type { BadRequest } from '../generated/google/rpc/BadRequest.js'
import type { ErrorInfo } from '../generated/google/rpc/ErrorInfo.js'
import type { PreconditionFailure } from '../generated/google/rpc/PreconditionFailure.js'
import type { RequestInfo } from '../generated/google/rpc/RequestInfo.js'
import type { RetryInfo } from '../generated/google/rpc/RetryInfo.js'
import { messageType } from './proto.js'

// The messages that go into google.rpc.Status.details. ErrorInfo always, the others where they apply:
// BadRequest for a wrong field, PreconditionFailure for a refusal, RetryInfo for an overload, RequestInfo for the call.

/** Scopes the reasons of ErrorInfo: "portcullis/NO_FACE". */
export const ERROR_DOMAIN = 'portcullis'

/** gRPC clients in C++, Python and others refuse trailers of more than 8 KiB; sentences are about 100 bytes long. */
const REASONS_MAX = 16

/** When to try again after an overload whose cause gives no time of its own, milliseconds. */
const RETRY_DEFAULT_MS = 1_000

/** What the service found wrong with an input that it understood. */
const JUDGES_INPUT: ReadonlySet<ErrorCode> = new Set([
  'NO_FACE',
  'NO_FINGER',
  'MULTIPLE_FACES',
  'QUALITY_TOO_LOW',
  'MODEL_MISMATCH',
])

/** What a caller may know of an expected failure. */
export function domainDetails(error: DomainError): Any[] {
  const details = [errorInfo(error)]
  if (JUDGES_INPUT.has(error.code)) details.push(preconditionFailure(error))
  else if (error.field !== undefined) details.push(badRequest(error.field, error.message))
  const retryAfterMs = error.retryAfterMs ?? (error.code === 'OVERLOADED' ? RETRY_DEFAULT_MS : undefined)
  if (retryAfterMs !== undefined) details.push(retryInfo(retryAfterMs))
  return details
}

/** The service's own id of the call, under which its log has the rest. */
export function requestInfo(callId: string): Any {
  return pack('RequestInfo', { requestId: callId })
}

function errorInfo(error: DomainError): Any {
  const metadata = { expected: error.expected, got: error.got }
  return pack('ErrorInfo', { reason: error.code, domain: ERROR_DOMAIN, metadata })
}

function badRequest(field: string, description: string): Any {
  return pack('BadRequest', { fieldViolations: [{ field, description }] })
}

/** One violation for each reason, the worst first; a refusal always has at least one. */
function preconditionFailure(error: DomainError): Any {
  const reasons = error.reasons.length > 0 ? error.reasons.slice(0, REASONS_MAX) : [error.message]
  const subject = error.field ?? ''
  const violations = reasons.map((description) => ({ type: error.code, subject, description }))
  return pack('PreconditionFailure', { violations })
}

function retryInfo(retryAfterMs: number): Any {
  const seconds = Math.floor(retryAfterMs / 1000)
  const nanos = Math.round((retryAfterMs - seconds * 1000) * 1e6)
  return pack('RetryInfo', { retryDelay: { seconds, nanos } })
}

/** The messages of proto/google/rpc/error_details.proto that are packed here. */
interface Details {
  readonly ErrorInfo: ErrorInfo
  readonly BadRequest: BadRequest
  readonly PreconditionFailure: PreconditionFailure
  readonly RetryInfo: RetryInfo
  readonly RequestInfo: RequestInfo
}

function pack<Name extends keyof Details>(name: Name, message: Details[Name]): Any {
  const fullName = `google.rpc.${name}`
  const value = messageType<Details[Name], object>(fullName).serialize(message)
  return { type_url: `type.googleapis.com/${fullName}`, value }
}
