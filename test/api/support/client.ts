import { Client, credentials, Metadata, type CallOptions, type ChannelCredentials } from '@grpc/grpc-js'
import type { ClientDuplexStream, ClientReadableStream, ServiceError } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import { expect } from 'chai'
import { LIMITS } from '../../../src/domain/limits.js'
import { detailsOf, type DecodedStatus } from './details.js'

type Method<Request, Output> = MethodDefinition<Request, object, object, Output>

export interface Answer<Output> {
  readonly response: Output
  readonly initial: Metadata
  readonly trailing: Metadata
}

/** A gRPC client as any other program would use one: real sockets, the real serialisers. */
export class TestClient {
  readonly #client: Client

  constructor(port: number, channel: ChannelCredentials = credentials.createInsecure(), host = '127.0.0.1') {
    this.#client = new Client(`${host}:${port}`, channel, {
      'grpc.max_send_message_length': -1, // the limits under test are the service's
      'grpc.max_receive_message_length': 2 * LIMITS.messageBytesMax,
      'grpc.use_local_subchannel_pool': 1, // a connection of its own
    })
  }

  async call<Request, Output>(
    method: Method<Request, Output>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Output> {
    return (await this.answer(method, request, options)).response
  }

  async answer<Request, Output>(
    method: Method<Request, Output>,
    request: Request,
    options: CallOptions = {},
    onStart: (cancel: () => void) => void = () => undefined,
  ): Promise<Answer<Output>> {
    return new Promise((resolve, reject) => {
      let initial = new Metadata()
      let trailing = new Metadata()
      let response: Output | undefined
      const { path, requestSerialize, responseDeserialize } = method
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        options,
        (error, value) => {
          if (error !== null) reject(error)
          response = value
        },
      )
      call.on('metadata', (metadata) => (initial = metadata))
      call.on('status', (status) => {
        trailing = status.metadata
        if (response !== undefined) resolve({ response, initial, trailing })
      })
      onStart(() => call.cancel())
    })
  }

  /** The error of a call that has to fail, as gRPC gives it. */
  async failure<Request>(
    method: Method<Request, object>,
    request: Request,
    options: CallOptions = {},
    onStart?: (cancel: () => void) => void,
  ): Promise<ServiceError> {
    const result = await this.answer(method, request, options, onStart).catch((error: unknown) => error as ServiceError)
    if (!(result instanceof Error)) expect.fail(`${method.path} was expected to fail`)
    return result
  }

  /** The details of a call that has to fail; its code and message must say the same as they do. */
  async refusal<Request>(method: Method<Request, object>, request: Request): Promise<DecodedStatus> {
    const failure = await this.failure(method, request)
    const details = detailsOf(failure)
    expect({ code: details.code, message: details.message }).to.deep.equal({
      code: failure.code,
      message: failure.details,
    })
    return details
  }

  stream<Request, Output>(
    method: Method<Request, Output>,
    options: CallOptions = {},
  ): ClientDuplexStream<Request, Output> {
    const { path, requestSerialize, responseDeserialize } = method
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata(), options)
  }

  serverStream<Request, Output>(
    method: Method<Request, Output>,
    request: Request,
    options: CallOptions = {},
  ): ClientReadableStream<Output> {
    return this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      options,
    )
  }

  close(): void {
    this.#client.close()
  }
}

/** All answers of a stream up to its end, and how it ended. */
export async function drainStream<Output>(
  stream: ClientDuplexStream<never, Output>,
): Promise<{ answers: Output[]; status: { code: number; details: string; metadata: Metadata } }> {
  const answers: Output[] = []
  stream.on('data', (answer: Output) => answers.push(answer))
  stream.on('error', () => undefined) // the status says it too
  const status = await new Promise<{ code: number; details: string; metadata: Metadata }>((resolve) =>
    stream.once('status', resolve),
  )
  return { answers, status }
}
