import type { ServerWritableStream } from '@grpc/grpc-js'
import type { CallContext } from '../domain/context.js'
import { callContext } from './context.js'
import type { Report } from './report.js'
import { failedCall } from './status.js'

/**
 * One request, several responses, as `work` yields them. It goes on when the last one is written to the connection, so a caller
 * that does not read holds it back; a cancel or the deadline ends it. Whatever it throws leaves as a status with details.
 */
export async function streamAnswers<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  work: (request: Request, context: CallContext) => AsyncIterable<Response>,
  report: Report,
): Promise<void> {
  const context = callContext(call)
  const { signal } = context
  const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  try {
    for await (const response of work(call.request, context)) {
      const written = new Promise<void>((resolve) => void call.write(response, () => resolve()))
      await Promise.race([written, gone]) // a write to a caller that is gone never ends
      if (signal.aborted) return
    }
    call.end()
  } catch (error) {
    const status = report(error, context)
    if (!signal.aborted) call.emit('error', failedCall(status)) // how grpc-js ends a stream with a status
  }
}
