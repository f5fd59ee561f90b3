import grpc from '@grpc/grpc-js'
import { wire } from '../../../../src/adapters/extractor-remote/wire.js'
import type { ExtractorExtractRequest__Output } from '../../../../src/generated/portcullis/v1/ExtractorExtractRequest.js'
import { aTemplate } from '../../../support/a-print.js'

type Call = grpc.ServerUnaryCall<ExtractorExtractRequest__Output, object>
type Reply = grpc.sendUnaryData<object>

const IDENTITY = { id: 'test.commanded', version: '1.0', descriptorVersion: '1' }
/** Templates by command; the plain one for any other. */
const TEMPLATES: Readonly<Record<string, () => Uint8Array[]>> = {
  'no template': () => [],
  'eleven templates': () => Array.from({ length: 11 }, () => aTemplate()),
  'empty template': () => [new Uint8Array(0)],
  'long template': () => [new Uint8Array(129 * 1024)],
  'huge answer': () => [new Uint8Array(4 * 1024 * 1024)],
  'nonsense template': () => [Uint8Array.from({ length: 200 }, (_, n) => (n * 31) & 255)],
  'cut template': () => [aTemplate().slice(0, -3)],
  'other format': () => [aTemplate('ansi-378-2009')],
}
const QUALITIES: Readonly<Record<string, number>> = { 'quality 101': 101, 'quality -1': -1, 'quality NaN': NaN }
const STATUSES: Readonly<Record<string, grpc.status>> = {
  'bare internal': grpc.status.INTERNAL,
  'bare invalid': grpc.status.INVALID_ARGUMENT,
  exhausted: grpc.status.RESOURCE_EXHAUSTED,
  unimplemented: grpc.status.UNIMPLEMENTED,
  unavailable: grpc.status.UNAVAILABLE,
  'cancelled there': grpc.status.CANCELLED,
}

/**
 * A real gRPC extractor that does what the bytes of the image tell: "hang", "slow", "garbage bytes", "refuse NO_FINGER",
 * "details rot", a name of the tables above, "once: …" (the first time only); else it answers well.
 */
export class CommandedServer {
  readonly callIds: string[] = []
  callCount = 0
  cancelledCount = 0
  identity = IDENTITY
  outputFormat = 'EXTRACTOR_TEMPLATE_FORMAT_ISO_19794_2_2005'
  healthStatus = 'SERVING'
  readonly #server = new grpc.Server()
  readonly #seen = new Set<string>()
  port = 0

  constructor() {
    const { Extract, Describe, Quality } = wire().Extractor.service
    const garbageAware = {
      ...Extract,
      responseSerialize: (value: object) => ('raw' in value ? (value.raw as Buffer) : Extract.responseSerialize(value)),
    }
    const implementation = {
      Extract: (call: Call, reply: Reply) => this.#extract(call, reply),
      Describe: (_: unknown, reply: Reply) =>
        reply(null, {
          identity: this.identity,
          modality: 'finger',
          inputFormats: ['EXTRACTOR_IMAGE_FORMAT_GRAY8'],
          outputFormat: this.outputFormat,
        }),
      Quality: (_: unknown, reply: Reply) => reply(null, { quality: 42, warnings: ['dry finger'] }),
    }
    this.#server.addService({ Extract: garbageAware, Describe, Quality }, implementation)
    this.#server.addService(wire().Health.service, {
      Check: (_: unknown, reply: Reply) => reply(null, { status: this.healthStatus }),
    })
  }

  async listen(port = 0, credentials = grpc.ServerCredentials.createInsecure()): Promise<this> {
    this.port = await new Promise((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      )
    })
    return this
  }

  close(): void {
    this.#server.forceShutdown()
  }

  #extract(call: Call, reply: Reply): void {
    this.callCount++
    this.callIds.push(String(call.metadata.get('x-portcullis-call-id')[0]))
    call.on('cancelled', () => this.cancelledCount++)
    this.#obey(this.#commandOf(call), reply)
  }

  #commandOf(call: Call): string {
    const text = call.request.image?.data.toString() ?? ''
    if (!text.startsWith('once: ')) return text
    if (this.#seen.has(text)) return 'plain'
    this.#seen.add(text)
    return text.slice('once: '.length)
  }

  #obey(command: string, reply: Reply): void {
    const status = STATUSES[command]
    if (command === 'hang') return
    if (command === 'slow') setTimeout(() => reply(null, this.#answer(command)), 200)
    else if (command === 'garbage bytes') reply(null, { raw: Buffer.from('ff'.repeat(100), 'hex') })
    else if (command === 'details rot')
      reply(failure(grpc.status.INVALID_ARGUMENT, Buffer.from('\xff\xff\xff', 'latin1')))
    else if (command.startsWith('refuse ')) reply(refusal(command.slice('refuse '.length)))
    else if (status !== undefined) reply({ code: status, details: 'secret' })
    else reply(null, this.#answer(command))
  }

  #answer(command: string): object {
    const templates = (TEMPLATES[command] ?? (() => [aTemplate()]))()
    const extractor = command === 'other identity' ? { ...this.identity, version: '2.0' } : this.identity
    return {
      templates: templates.map((template) => Buffer.from(template)),
      quality: QUALITIES[command] ?? 77,
      warnings: command === 'long warning' ? ['x'.repeat(513)] : ['a warning'],
      extractor: command === 'no identity' ? null : extractor,
    }
  }
}

function failure(code: grpc.status, trailer: Buffer) {
  const metadata = new grpc.Metadata()
  metadata.set('grpc-status-details-bin', trailer)
  return { code, details: 'secret', metadata }
}

/** A failure with the reason and two sentences, as the contract wants it; written by hand, field by field. */
function refusal(reason: string) {
  const pack = (name: string, value: Buffer) =>
    Buffer.concat([field(1, Buffer.from(`type.googleapis.com/google.rpc.${name}`)), field(2, value)])
  const info = Buffer.concat([field(1, Buffer.from(reason)), field(2, Buffer.from('portcullis.extractor'))])
  const violation = (sentence: string) => field(1, field(3, Buffer.from(sentence)))
  const precondition = Buffer.concat([violation('press\nharder'), violation('x'.repeat(600))])
  const details = [pack('ErrorInfo', info), pack('PreconditionFailure', precondition)].map((any) => field(3, any))
  return failure(grpc.status.FAILED_PRECONDITION, Buffer.concat(details))
}

/** A length-delimited protobuf field of up to 16,383 bytes. */
function field(number: number, value: Buffer): Buffer {
  const { length } = value
  const prefix = length < 128 ? [length] : [(length & 127) | 128, length >> 7]
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...prefix]), value])
}
