import { randomUUID } from 'node:crypto'
import {
  Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status as Code,
  type ServerInterceptor,
} from '@grpc/grpc-js'
import { DomainError } from '../domain/errors.js'
import type { Metrics } from '../domain/metrics.js'
import type { Logger } from '../domain/ports.js'
import type { Admission } from './admission.js'
import { CALL_ID_HEADER } from './context.js'
import { failedCall, statusOf } from './status.js'

/** How long a request may be on its way, milliseconds: 10 MiB over a line of 1 Mbit/s take 84 s. */
const ARRIVAL_MAX_MS = 120_000

/**
 * The one gate that every call passes, whatever its service. Today it gives the call its id, counts it in, and logs
 * how it ended: method, status, duration and id, and nothing else. Calls of methods that are not served do not come here.
 *
 * Authentication, roles and the audit record of a search belong here too, between the call's metadata and its
 * admission. None of that is built yet: until it is, the listening address and mutual TLS are the only access control.
 */
export function gate(admission: Admission, logger: Logger, metrics: Metrics): ServerInterceptor {
  return (method, call) => {
    const callId = randomUUID()
    const startedAtMs = performance.now()
    let leave = (): void => undefined
    let ended = false
    let late: NodeJS.Timeout | undefined

    const end = (code: Code): void => {
      if (ended) return
      ended = true
      clearTimeout(late)
      leave()
      const durationMs = performance.now() - startedAtMs
      metrics.called({ method: method.path, status: Code[code], durationMs })
      logger.info({ callId, method: method.path, status: Code[code], durationMs: Math.round(durationMs) }, 'call')
    }
    const refuse = (error: unknown): void => {
      const { code, details, metadata } = failedCall(statusOf(error, callId))
      end(code)
      call.sendStatus({ code, details, metadata: withCallId(metadata, callId) })
    }

    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        try {
          leave = admission.enter(method)
        } catch (error) {
          refuse(error)
          return
        }
        late = setTimeout(() => refuse(tooLate()), ARRIVAL_MAX_MS)
        metadata.set(CALL_ID_HEADER, callId) // replaces whatever the caller sent under this name
        next(metadata)
      })
      .withOnReceiveMessage((message, next) => {
        clearTimeout(late)
        next(message)
      })
      .withOnCancel(() => end(unansweredCode(Number(call.getDeadline()))))
      .build()

    const responder = new ResponderBuilder()
      .withStart((next) => next(listener))
      .withSendMetadata((metadata, next) => next(withCallId(metadata, callId)))
      .withSendStatus((status, next) => {
        end(status.code)
        next({ ...status, metadata: withCallId(status.metadata, callId) })
      })
      .build()

    return new ServerInterceptingCall(call, responder)
  }
}

/**
 * How a call ended that no handler answered. grpc-js does not tell the gate whether the caller went away or the request
 * was too large or unreadable (the caller then got RESOURCE_EXHAUSTED or INTERNAL): all are logged as CANCELLED.
 */
function unansweredCode(deadlineAtMs: number): Code {
  return Date.now() >= deadlineAtMs ? Code.DEADLINE_EXCEEDED : Code.CANCELLED
}

function tooLate(): DomainError {
  return new DomainError('DEADLINE_EXCEEDED', `a request within ${ARRIVAL_MAX_MS / 1000} s`, 'none')
}

function withCallId(metadata: Metadata | null | undefined, callId: string): Metadata {
  const copy = metadata?.clone() ?? new Metadata()
  copy.set(CALL_ID_HEADER, callId)
  return copy
}
