import { NO_CALIBRATIONS, type Calibrations } from './domain/calibration.js'
import { NO_METRICS, type Metrics } from './domain/metrics.js'
import type { Analysers, Logger, Store } from './domain/ports.js'
import { fingerCodec } from './engines/finger/codec.js'
import { fusion } from './engines/fusion/fusion.js'
import { AssessmentService } from './services/assessment.js'
import { EnrolmentService } from './services/enrolment.js'
import { FingerFormatService } from './services/finger-formats.js'
import { FingerReferences, type FingerIndexFactory } from './services/finger-references.js'
import { GalleryService } from './services/galleries.js'
import { IdentificationService } from './services/identification.js'
import { IndexAdminService } from './services/index-admin.js'
import { GalleryMonitor } from './services/monitor/gallery-monitor.js'
import { References, type IndexFactory } from './services/references.js'
import { RetentionService } from './services/retention.js'
import { TemplateImportService } from './services/template-import.js'
import { TemplateService } from './services/templates.js'

/** What the services are made on. */
export interface ServiceParts {
  readonly store: Store
  readonly analysers: Analysers
  readonly makeIndex: IndexFactory
  readonly makeFingerIndex: FingerIndexFactory
  readonly logger: Logger
  readonly metrics?: Metrics
  readonly now?: () => number
  /** Of the spaces that the analysers make; without, no error rate of searches can be promised. */
  readonly calibrations?: Calibrations
}

/** The services; resolves when every active reference can be searched, and what is past retention is gone. */
export async function startServices(parts: ServiceParts) {
  const services = makeServices(parts)
  await services.references.load()
  await services.retention.start()
  return services
}

/** The services, before anything is loaded. */
export function makeServices(parts: ServiceParts) {
  const { store, analysers, makeIndex, makeFingerIndex, logger, metrics = NO_METRICS, now = Date.now } = parts
  const { calibrations = NO_CALIBRATIONS } = parts
  const { algorithm, featureCount } = analysers.face.algorithm
  const references = new References(store, makeIndex, algorithm, featureCount)
  const onLoadNeeded = () => references.loadAgain()
  const fingerReferences = new FingerReferences(store, analysers.finger, makeFingerIndex, onLoadNeeded)
  references.follow(fingerReferences)
  const monitor = new GalleryMonitor({ store, calibration: calibrations.face, logger, now })
  const searched = { store, analysers, references, fingerReferences }
  return {
    enrolment: new EnrolmentService(store, analysers, references, now, metrics),
    galleries: new GalleryService(store, references, now),
    identification: new IdentificationService({ ...searched, fusion, logger, now, metrics, calibrations, monitor }),
    indexAdmin: new IndexAdminService(references, fingerReferences),
    assessment: new AssessmentService(analysers.face),
    templates: new TemplateService(analysers.face),
    templateImport: new TemplateImportService(store, references, featureCount, now),
    fingerFormats: new FingerFormatService(fingerCodec),
    retention: new RetentionService(store, references, logger, now),
    monitor,
    references,
    fingerReferences,
  }
}
