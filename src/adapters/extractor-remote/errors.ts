import grpc from '@grpc/grpc-js'
import type { CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import {
  extractorDown,
  failureFrom,
  isExtractorReason,
  readSentences,
  unusable,
  type ExtractorReason,
} from '../../domain/extractor-failures.js'
import type { ErrorInfo__Output } from '../../generated/google/rpc/ErrorInfo.js'
import type { PreconditionFailure__Output } from '../../generated/google/rpc/PreconditionFailure.js'
import type { Status__Output } from '../../generated/google/rpc/Status.js'
import { wire } from './wire.js'

/** Scopes the reasons of ErrorInfo; see proto/portcullis/v1/extractor.proto. */
const ERROR_DOMAIN = 'portcullis.extractor'
const RETRY_AFTER_MS = 1_000
/** More details than the contract has are not read. */
const DETAILS_MAX = 8

/** What a failed call means. The messages of the other side go nowhere: nobody knows what they hold. */
export function errorFrom(error: grpc.ServiceError, context: CallContext): DomainError {
  switch (error.code) {
    case grpc.status.CANCELLED:
      return context.signal.aborted
        ? new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
        : extractorDown('one that cancelled the call', RETRY_AFTER_MS)
    case grpc.status.DEADLINE_EXCEEDED:
      return new DomainError('DEADLINE_EXCEEDED', 'an answer before the deadline', 'the deadline passed')
    case grpc.status.UNAVAILABLE:
      return extractorDown('one that cannot be reached', RETRY_AFTER_MS)
    case grpc.status.RESOURCE_EXHAUSTED:
      return isOurOwnLimit(error)
        ? unusable('an answer that is too long')
        : new DomainError('OVERLOADED', 'an extractor with a short queue', 'a full queue', {
            retryAfterMs: RETRY_AFTER_MS,
          })
    case grpc.status.UNIMPLEMENTED:
      return unusable('"unimplemented": no Extractor is served there')
    default:
      return namedFailure(error) ?? unusable(`${grpc.status[error.code]} without a reason of the contract`)
  }
}

/** grpc-js reports an answer beyond `grpc.max_receive_message_length` with the status of an overload. */
function isOurOwnLimit(error: grpc.ServiceError): boolean {
  return error.details.startsWith('Received message larger than max')
}

/** The failure that the trailer names; null when there is none that can be read. */
function namedFailure(error: grpc.ServiceError): DomainError | null {
  const trailer = error.metadata.get('grpc-status-details-bin')[0]
  if (trailer === undefined) return null
  try {
    const { details } = wire().decode('google.rpc.Status', Buffer.from(trailer)) as Status__Output
    let reason: ExtractorReason | null = null
    const sentences: unknown[] = []
    for (const { type_url, value } of details.slice(0, DETAILS_MAX)) {
      const name = type_url.split('/').at(-1)
      if (name === 'google.rpc.ErrorInfo') reason = reasonOf(wire().decode(name, value) as ErrorInfo__Output) ?? reason
      if (name === 'google.rpc.PreconditionFailure') {
        const { violations } = wire().decode(name, value) as PreconditionFailure__Output
        sentences.push(...violations.map(({ description }) => description))
      }
    }
    return reason === null ? null : failureFrom(reason, readSentences(sentences))
  } catch {
    return null // bytes that are no google.rpc.Status
  }
}

function reasonOf({ domain, reason }: ErrorInfo__Output): ExtractorReason | null {
  return domain === ERROR_DOMAIN && isExtractorReason(reason) ? reason : null
}
