import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Server, type ServerOptions } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { HealthImplementation, type ServingStatus } from 'grpc-health-check'
import { LIMITS } from '../domain/limits.js'
import { NO_METRICS, type Metrics } from '../domain/metrics.js'
import type { Logger } from '../domain/ports.js'
import type { AssessmentService } from '../services/assessment.js'
import type { EnrolmentService } from '../services/enrolment.js'
import type { FingerFormatService } from '../services/finger-formats.js'
import type { GalleryService } from '../services/galleries.js'
import type { IdentificationService } from '../services/identification.js'
import type { GalleryMonitor } from '../services/monitor/gallery-monitor.js'
import type { IndexAdminService } from '../services/index-admin.js'
import type { TemplateImportService } from '../services/template-import.js'
import type { TemplateService } from '../services/templates.js'
import { resolveAddress, type ListenAddress } from './address.js'
import { Admission, ADMISSION } from './admission.js'
import type { ModelReport } from './codec/models.js'
import { credentialsFrom, type TlsFiles } from './credentials.js'
import { enrolmentHandlers } from './handlers/enrolment.js'
import { galleryHandlers } from './handlers/galleries.js'
import { identificationHandlers } from './handlers/identification.js'
import { indexHandlers } from './handlers/index.js'
import { modelHandlers } from './handlers/models.js'
import { qualityHandlers } from './handlers/quality.js'
import { templateHandlers } from './handlers/templates.js'
import { gate } from './interceptor.js'
import { listen, type Listener } from './listener.js'
import { definitions, packageDefinition, SERVICE_NAMES } from './proto.js'
import { Rpc } from './rpc.js'

export interface ApiServices {
  readonly enrolment: EnrolmentService
  readonly galleries: GalleryService
  readonly identification: IdentificationService
  readonly indexAdmin: IndexAdminService
  readonly assessment: AssessmentService
  readonly templates: TemplateService
  readonly templateImport: TemplateImportService
  readonly fingerFormats: FingerFormatService
  readonly monitor: GalleryMonitor
}

export interface ServerSettings {
  readonly services: ApiServices
  readonly address: ListenAddress
  /** Null listens in the clear, which only loopback addresses allow. */
  readonly tls: TlsFiles | null
  readonly logger: Logger
  /** Told of every call; nobody unless given. */
  readonly metrics?: Metrics
  readonly listModels: () => ModelReport | Promise<ModelReport>
}

export interface RunningServer extends ListenAddress {
  /** Takes no new calls, lets those in work end for up to `DRAIN_MAX_MS`, then closes everything. */
  drain(): Promise<void>
}

/** How long a stopping service waits for the calls in work, milliseconds: longer than any of them should take. */
const DRAIN_MAX_MS = 10_000
/** How long connections then have to read what is on its way to them, milliseconds. */
const GOODBYE_MAX_MS = 1_000

const OPTIONS: ServerOptions = {
  'grpc.max_receive_message_length': LIMITS.messageBytesMax,
  'grpc.max_send_message_length': LIMITS.messageBytesMax,
  'grpc.max_concurrent_streams': ADMISSION.callsMax, // of one connection; admission bounds them all together
  'grpc.keepalive_time_ms': 60_000, // finds peers that vanished behind a poor line,
  'grpc.keepalive_timeout_ms': 20_000, // within 80 s
  'grpc.max_connection_idle_ms': 15 * 60_000, // clients reconnect by themselves at their next call
}

/**
 * Starts the gRPC API with health (grpc.health.v1) and reflection.
 * @throws DomainError INVALID_ARGUMENT for an address or TLS files that cannot be, UNAVAILABLE for a taken address
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { logger, tls, metrics = NO_METRICS } = settings
  const credentials = credentialsFrom(tls)
  const address = await resolveAddress(settings.address, tls !== null)

  const admission = new Admission()
  const server = new Server({ ...OPTIONS, interceptors: [gate(admission, logger, metrics)] })
  addServices(server, settings)
  const health = addHealth(server)
  new ReflectionService(packageDefinition, { services: [...SERVICE_NAMES] }).addToServer(server)

  const listener = await listen(address, server.createConnectionInjector(credentials))
  const drain = async (): Promise<void> => {
    setHealth(health, 'NOT_SERVING')
    listener.stopListening()
    await admission.close(DRAIN_MAX_MS)
    await closeConnections(server, listener)
  }
  let drained: Promise<void> | null = null
  return { host: listener.host, port: listener.port, drain: () => (drained ??= drain()) }
}

function addServices(server: Server, { services, listModels, logger }: ServerSettings): void {
  const rpc = new Rpc(logger)
  server.addService(definitions.enrolment, enrolmentHandlers(services.enrolment, rpc))
  server.addService(definitions.galleries, galleryHandlers(services, rpc))
  server.addService(definitions.identification, identificationHandlers(services, rpc))
  server.addService(definitions.index, indexHandlers(services.indexAdmin, rpc))
  server.addService(definitions.quality, qualityHandlers(services.assessment, rpc))
  server.addService(definitions.templates, templateHandlers(services, rpc))
  server.addService(definitions.models, modelHandlers(listModels, rpc))
}

function addHealth(server: Server): HealthImplementation {
  const health = new HealthImplementation()
  setHealth(health, 'SERVING')
  health.addToServer(server)
  return health
}

/** Of the whole service ('') and of each gRPC service. */
function setHealth(health: HealthImplementation, status: ServingStatus): void {
  for (const name of ['', ...SERVICE_NAMES]) health.setStatus(name, status)
}

/** Says goodbye to every connection; those that do not leave (a health watch never does) are cut. */
async function closeConnections(server: Server, listener: Listener): Promise<void> {
  const goodbye = promisify(server.tryShutdown.bind(server))()
  // It never resolves while a peer is connected that has not spoken HTTP/2 at all.
  await Promise.race([goodbye, sleep(GOODBYE_MAX_MS, null, { ref: false })])
  server.forceShutdown()
  listener.cutAll()
}
