import type { CallContext } from '../domain/context.js'
import { DomainError } from '../domain/errors.js'
import type { Logger } from '../domain/ports.js'
import { statusOf, type ErrorStatus } from './status.js'

/** Turns whatever a handler threw into what the caller is told, and logs what the caller is not. */
export type Report = (error: unknown, context: CallContext) => ErrorStatus

/** How deep a chain of causes is logged. */
const CAUSES_MAX = 5

export function reporter(logger: Logger): Report {
  return (error, { callId, signal }) => {
    const known = isAbort(error) && signal.aborted ? abandoned() : error
    if (!(known instanceof DomainError)) logger.error({ callId, causes: stacks(known) }, 'internal error')
    else if (known.cause !== undefined)
      logger.warn({ callId, code: known.code, causes: stacks(known.cause) }, 'expected failure with a cause')
    return statusOf(known, callId)
  }
}

/** Timers, streams and worker pools of Node throw an AbortError once the call's signal aborts. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function abandoned(): DomainError {
  return new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
}

/** The stack of an error and of its causes, the outermost first. A thrown value that is no Error shows only its type. */
function stacks(error: unknown): readonly string[] {
  const found: string[] = []
  for (let next = error; next !== undefined && found.length < CAUSES_MAX;) {
    found.push(next instanceof Error ? (next.stack ?? next.message) : `a thrown ${typeof next}`)
    next = next instanceof Error ? next.cause : undefined
  }
  return found
}
