import type { handleBidiStreamingCall, handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js'
import type { CallContext } from '../domain/context.js'
import type { Logger } from '../domain/ports.js'
import { callContext } from './context.js'
import { reporter, type Report } from './report.js'
import { failedCall, type ErrorStatus } from './status.js'
import { streamAnswers } from './stream-answers.js'
import { StreamItems, type ItemWork, type NumberedItem } from './stream-items.js'

/** The shapes of our rpcs: makes a gRPC handler from the work, which only decodes, calls and encodes. */
export class Rpc {
  readonly #report: Report

  constructor(logger: Logger) {
    this.#report = reporter(logger)
  }

  /** What a caller is told of an error that is only a part of an answer; it is logged as others are. */
  statusOf(error: unknown, context: CallContext): ErrorStatus {
    return this.#report(error, context)
  }

  /** One request, one response. Whatever `work` throws leaves as a status with details. */
  unary<Request, Response>(
    work: (request: Request, context: CallContext) => Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      const context = callContext(call)
      work(call.request, context).then(
        (response) => callback(null, response),
        (error: unknown) => callback(failedCall(this.#report(error, context))),
      )
    }
  }

  /** One request, several responses; see `streamAnswers`. */
  answers<Request, Response>(
    work: (request: Request, context: CallContext) => AsyncIterable<Response>,
  ): handleServerStreamingCall<Request, Response> {
    return (call) => void streamAnswers(call, work, this.#report)
  }

  /** Many numbered items, one answer for each; see `StreamItems`. */
  items<Item extends NumberedItem, Answer>(items: ItemWork<Item, Answer>): handleBidiStreamingCall<Item, Answer> {
    return (call) => new StreamItems(call, items, this.#report).start()
  }
}
