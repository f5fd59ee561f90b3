import grpc from '@grpc/grpc-js'
import type { Any__Output } from '../generated/google/protobuf/Any.js'
import type { BadRequest__Output } from '../generated/google/rpc/BadRequest.js'
import type { ErrorInfo__Output } from '../generated/google/rpc/ErrorInfo.js'
import type { PreconditionFailure__Output } from '../generated/google/rpc/PreconditionFailure.js'
import type { RetryInfo__Output } from '../generated/google/rpc/RetryInfo.js'
import type { Status__Output } from '../generated/google/rpc/Status.js'
import { CliError } from './failure.js'
import { wire } from './wire.js'

/** What `google.rpc.Status` and its details say, put together. */
interface Details {
  message: string
  reason: string
  field: string
  reasons: string[]
  retryAfterMs: number | undefined
}

/** An error result of a stream, or the `grpc-status-details-bin` trailer of a call, as a failure. */
export function statusToError(status: Status__Output): CliError {
  const details: Details = {
    message: status.message,
    reason: grpc.status[status.code] ?? 'UNKNOWN',
    field: '',
    reasons: [],
    retryAfterMs: undefined,
  }
  for (const any of status.details) readDetail(any, details)
  const { message, reason, field, reasons, retryAfterMs } = details
  return new CliError(reason, message, { field, reasons, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}

function readDetail(any: Any__Output, details: Details): void {
  const name = any.type_url.split('/').at(-1) ?? ''
  const decode = () => wire().decode(name, any.value)
  switch (name) {
    case 'google.rpc.ErrorInfo':
      details.reason = (decode() as ErrorInfo__Output).reason
      break
    case 'google.rpc.BadRequest':
      details.field = (decode() as BadRequest__Output).fieldViolations[0]?.field ?? ''
      break
    case 'google.rpc.PreconditionFailure': {
      const { violations } = decode() as PreconditionFailure__Output
      details.field ||= violations[0]?.subject ?? ''
      details.reasons.push(...violations.map((violation) => violation.description))
      break
    }
    case 'google.rpc.RetryInfo': {
      const delay = (decode() as RetryInfo__Output).retryDelay
      if (delay !== null) details.retryAfterMs = delay.seconds * 1000 + delay.nanos / 1e6
      break
    }
    default: // RequestInfo and what later services add: nothing that this program acts on
  }
}

/** A failed call as a failure; `address` is named when no service answered there. */
export function callError(error: grpc.ServiceError, address: string): CliError {
  const trailer = error.metadata.get('grpc-status-details-bin')[0]
  if (trailer !== undefined)
    return statusToError(wire().decode('google.rpc.Status', Buffer.from(trailer)) as Status__Output)
  if (error.code === grpc.status.UNAVAILABLE) return unreachable(error.details, address)
  if (error.code === grpc.status.DEADLINE_EXCEEDED)
    return new CliError('DEADLINE_EXCEEDED', `the service at ${address} did not answer in time; try a longer --timeout`)
  return new CliError(grpc.status[error.code], error.details)
}

function unreachable(details: string, address: string): CliError {
  const advice = /certificate|SSL|TLS|self.signed|altname/i.test(details)
    ? `its TLS certificate was not accepted; give the right --tls-ca (and --tls-cert, --tls-key)`
    : `run "npx portcullis serve", name another with --server, or give --tls-ca if it speaks TLS`
  return new CliError('SERVER_UNREACHABLE', `no service answers at ${address}: ${advice}`)
}
