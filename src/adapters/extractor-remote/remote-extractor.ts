import grpc from '@grpc/grpc-js'
import type { CallContext } from '../../domain/context.js'
import { extractorDown } from '../../domain/extractor-failures.js'
import { EXTRACTOR_ANSWER_BYTES_MAX } from '../../domain/extractor-limits.js'
import type { FingerImage, OutsideExtractor } from '../../domain/extractor.js'
import { LIMITS } from '../../domain/limits.js'
import type { ExtractorDescription__Output } from '../../generated/portcullis/v1/ExtractorDescription.js'
import type { ExtractorExtractResponse__Output } from '../../generated/portcullis/v1/ExtractorExtractResponse.js'
import type { ExtractorQualityResponse__Output } from '../../generated/portcullis/v1/ExtractorQualityResponse.js'
import type { ExtractorClient } from '../../generated/portcullis/v1/Extractor.js'
import type { HealthClient } from '../../generated/grpc/health/v1/Health.js'
import type { HealthCheckResponse__Output } from '../../generated/grpc/health/v1/HealthCheckResponse.js'
import { descriptionFromProto, imageToProto } from './codec.js'
import { errorFrom } from './errors.js'
import { wire } from './wire.js'

export interface RemoteOptions {
  /** host:port */
  readonly address: string
  /** Whether to demand TLS, with the authorities that Node.js trusts or GRPC_DEFAULT_SSL_ROOTS_FILE_PATH names. */
  readonly tls: boolean
}

const SERVICE_NAME = 'portcullis.v1.Extractor'
const RETRY_AFTER_MS = 1_000

const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  'grpc.max_send_message_length': LIMITS.messageBytesMax,
  'grpc.max_receive_message_length': EXTRACTOR_ANSWER_BYTES_MAX,
  'grpc.enable_retries': 0, // the guard repeats calls
  // An extractor that was started again is found again within about a second.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
}

type Done<T> = (error: grpc.ServiceError | null, response?: T) => void

/**
 * An extractor in another process or on another machine, over gRPC. It connects at the first call, and again when the
 * connection is lost.
 */
export class RemoteExtractor implements OutsideExtractor {
  readonly #extractor: ExtractorClient
  readonly #health: HealthClient

  constructor({ address, tls }: RemoteOptions) {
    const { Extractor, Health } = wire()
    const credentials = tls ? grpc.credentials.createSsl() : grpc.credentials.createInsecure()
    this.#extractor = new Extractor(address, credentials, CHANNEL_OPTIONS)
    const shared = { ...CHANNEL_OPTIONS, channelOverride: this.#extractor.getChannel() }
    this.#health = new Health(address, credentials, shared)
  }

  async describe(context: CallContext): Promise<unknown> {
    const description = await call<ExtractorDescription__Output>(context, (...rest) =>
      this.#extractor.describe({}, ...rest),
    )
    return descriptionFromProto(description)
  }

  async quality(image: FingerImage, context: CallContext): Promise<unknown> {
    const request = { image: imageToProto(image) }
    return call<ExtractorQualityResponse__Output>(context, (...rest) => this.#extractor.quality(request, ...rest))
  }

  async extract(image: FingerImage, context: CallContext): Promise<unknown> {
    const request = { image: imageToProto(image) }
    return call<ExtractorExtractResponse__Output>(context, (...rest) => this.#extractor.extract(request, ...rest))
  }

  async health(context: CallContext): Promise<void> {
    const { status } = await call<HealthCheckResponse__Output>(context, (...rest) =>
      this.#health.check({ service: SERVICE_NAME }, ...rest),
    )
    if (status !== 'SERVING') throw extractorDown('one whose health is not SERVING', RETRY_AFTER_MS)
  }

  async close(): Promise<void> {
    this.#extractor.close()
  }
}

/** One call with the context's deadline; its cancellation reaches the other side. @throws DomainError */
function call<Response>(
  context: CallContext,
  start: (metadata: grpc.Metadata, options: grpc.CallOptions, done: Done<Response>) => grpc.ClientUnaryCall,
): Promise<Response> {
  const metadata = new grpc.Metadata()
  metadata.set('x-portcullis-call-id', context.callId)
  return new Promise((resolve, reject) => {
    const cancel = () => pending.cancel()
    const pending = start(metadata, { deadline: context.deadlineAtMs }, (error, response) => {
      context.signal.removeEventListener('abort', cancel)
      if (error !== null) reject(errorFrom(error, context))
      else resolve(response as Response)
    })
    context.signal.addEventListener('abort', cancel, { once: true })
  })
}
