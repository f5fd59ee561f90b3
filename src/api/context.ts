import { randomUUID } from 'node:crypto'
import type { ServerUnaryCall } from '@grpc/grpc-js'
import type { CallContext } from '../domain/context.js'

/** Where the interceptor leaves the call's id for the handler, and where the caller finds it in the answer. */
export const CALL_ID_HEADER = 'x-portcullis-call-id'

/** The parts of a gRPC call, of whichever shape, that its context is made of. */
interface AnyCall extends Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'cancelled' | 'getDeadline'> {
  on(event: 'cancelled', listener: () => void): unknown
}

/** What accompanies a call through all floors; its signal aborts on cancel, hang-up and deadline alike. */
export function callContext(call: AnyCall): CallContext {
  const controller = new AbortController()
  call.on('cancelled', () => controller.abort()) // grpc-js raises it for a passed deadline too
  if (call.cancelled) controller.abort()
  return {
    callId: call.metadata.get(CALL_ID_HEADER)[0]?.toString() ?? randomUUID(),
    signal: controller.signal,
    deadlineAtMs: Number(call.getDeadline()), // a Date becomes its epoch milliseconds
  }
}
