// A complete gRPC extractor for Portcullis: how a vendor puts an SDK behind proto/portcullis/v1/extractor.proto (docs/extractors.md).
// The "SDK" is the toy of examples/extractor-module. From the top of the checkout:
//
//   node examples/extractor-remote/server.mjs 127.0.0.1:7070
//   npx portcullis extractor test grpc://127.0.0.1:7070
//   PORTCULLIS_EXTRACTOR=grpc://127.0.0.1:7070 npx portcullis serve
import { Buffer } from 'node:buffer'
import { setImmediate } from 'node:timers'
import { fileURLToPath, URL } from 'node:url'
import grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { HealthImplementation } from 'grpc-health-check'
import createSdk from '../extractor-module/thinning.mjs'

const ADDRESS = process.argv[2] ?? '127.0.0.1:7070'
const SERVICE_NAME = 'portcullis.v1.Extractor'
const ERROR_DOMAIN = 'portcullis.extractor'
/** The contract's limits: a request, and calls that may wait. */
const REQUEST_BYTES_MAX = 10 * 1024 * 1024 + 64 * 1024
const WAITING_MAX = 32

const FORMATS = ['', 'gray8', 'png', 'tiff', 'bmp', 'wsq']
const POSITIONS = ['unknown', 'right-thumb', 'right-index', 'right-middle', 'right-ring', 'right-little', 'left-thumb',
  'left-index', 'left-middle', 'left-ring', 'left-little'] // prettier-ignore
const STATUS_OF = {
  NO_FINGER: grpc.status.FAILED_PRECONDITION,
  LOW_QUALITY: grpc.status.FAILED_PRECONDITION,
  BAD_IMAGE: grpc.status.INVALID_ARGUMENT,
  BAD_RESOLUTION: grpc.status.INVALID_ARGUMENT,
  UNSUPPORTED: grpc.status.INVALID_ARGUMENT,
  TOO_LARGE: grpc.status.INVALID_ARGUMENT,
}

const definition = loadSync(['portcullis/v1/extractor.proto', 'google/rpc/error_details.proto'], {
  includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
  longs: Number,
  defaults: true,
  oneofs: true,
})
const sdk = createSdk()
const { id, version, descriptorVersion } = sdk.describe()
const identity = { id, version, descriptorVersion }

const server = new grpc.Server({ 'grpc.max_receive_message_length': REQUEST_BYTES_MAX })
server.addService(definition[SERVICE_NAME], {
  describe: (_, reply) => reply(null, describe()),
  quality: queued(({ image }) => sdk.quality(imageFrom(image))),
  extract: queued(({ image }) => ({ ...sdk.extract(imageFrom(image)), extractor: identity })),
})
const health = new HealthImplementation()
for (const name of ['', SERVICE_NAME]) health.setStatus(name, 'SERVING')
health.addToServer(server)
server.bindAsync(ADDRESS, grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error
  console.log(`extractor at ${ADDRESS.replace(/:\d+$/, '')}:${port}`)
})
process.on('SIGTERM', () => server.forceShutdown())

function describe() {
  const { modality, inputFormats } = sdk.describe()
  return {
    identity,
    modality,
    inputFormats: inputFormats.map((format) => FORMATS.indexOf(format)),
    outputFormat: 'EXTRACTOR_TEMPLATE_FORMAT_ISO_19794_2_2005',
  }
}

/** One call after the other, as this SDK works; calls that nobody waits for any more are not begun. */
let waitingCount = 0
function queued(work) {
  return async (call, reply) => {
    if (waitingCount >= WAITING_MAX)
      return reply({ code: grpc.status.RESOURCE_EXHAUSTED, details: 'the queue is full' })
    waitingCount++
    await new Promise((resolve) => setImmediate(resolve)) // lets cancellations and health checks through
    waitingCount--
    if (call.cancelled) return reply({ code: grpc.status.CANCELLED })
    try {
      reply(null, work(call.request))
    } catch (error) {
      reply(statusOf(error))
    }
  }
}

function imageFrom(image) {
  if (image === null) throw Object.assign(new Error(), { code: 'BAD_IMAGE' })
  return {
    format: FORMATS[image.format] ?? '',
    bytes: new Uint8Array(image.data),
    widthPx: image.widthPx ?? null,
    heightPx: image.heightPx ?? null,
    resolutionDpi: image.resolutionDpi ?? null,
    position: POSITIONS[image.position] ?? 'unknown',
    impression: image.impression,
  }
}

/** The status of a failure, with ErrorInfo and the operator's sentences in the trailer; anything else is INTERNAL. */
function statusOf({ code: reason, reasons = [] }) {
  const code = STATUS_OF[reason]
  if (code === undefined) return { code: grpc.status.INTERNAL, details: 'internal error' }
  const details = [pack('google.rpc.ErrorInfo', { reason, domain: ERROR_DOMAIN })]
  const violations = reasons.map((description) => ({ type: reason, description }))
  if (violations.length > 0) details.push(pack('google.rpc.PreconditionFailure', { violations }))
  const metadata = new grpc.Metadata()
  metadata.set('grpc-status-details-bin', serialize('google.rpc.Status', { code, message: reason, details }))
  return { code, details: reason, metadata }
}

function pack(name, message) {
  return { type_url: `type.googleapis.com/${name}`, value: serialize(name, message) }
}

function serialize(name, message) {
  return Buffer.from(definition[name].serialize(message))
}
