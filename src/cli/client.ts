import type grpc from '@grpc/grpc-js'
import type { AuditIndexProgress__Output } from '../generated/portcullis/v1/AuditIndexProgress.js'
import type { AuditIndexRequest } from '../generated/portcullis/v1/AuditIndexRequest.js'
import type { CreateGalleryRequest } from '../generated/portcullis/v1/CreateGalleryRequest.js'
import type { DeleteGalleryRequest } from '../generated/portcullis/v1/DeleteGalleryRequest.js'
import type { EnrolmentServiceClient } from '../generated/portcullis/v1/EnrolmentService.js'
import type { Gallery__Output } from '../generated/portcullis/v1/Gallery.js'
import type { GalleryMonitor__Output } from '../generated/portcullis/v1/GalleryMonitor.js'
import type { GalleryServiceClient } from '../generated/portcullis/v1/GalleryService.js'
import type { GetGalleryMonitorRequest } from '../generated/portcullis/v1/GetGalleryMonitorRequest.js'
import type { IdentificationServiceClient } from '../generated/portcullis/v1/IdentificationService.js'
import type { IdentifyRequest } from '../generated/portcullis/v1/IdentifyRequest.js'
import type { IdentifyResponse__Output } from '../generated/portcullis/v1/IdentifyResponse.js'
import type { IndexServiceClient } from '../generated/portcullis/v1/IndexService.js'
import type { IndexStatus__Output } from '../generated/portcullis/v1/IndexStatus.js'
import type { ListGalleriesResponse__Output } from '../generated/portcullis/v1/ListGalleriesResponse.js'
import type { ListSubjectsResponse__Output } from '../generated/portcullis/v1/ListSubjectsResponse.js'
import type { ListModelsResponse__Output } from '../generated/portcullis/v1/ListModelsResponse.js'
import type { ModelServiceClient } from '../generated/portcullis/v1/ModelService.js'
import type { ReportOutcomeRequest } from '../generated/portcullis/v1/ReportOutcomeRequest.js'
import type { ReportOutcomeResponse__Output } from '../generated/portcullis/v1/ReportOutcomeResponse.js'
import type { Subject__Output } from '../generated/portcullis/v1/Subject.js'
import type { TemplateServiceClient } from '../generated/portcullis/v1/TemplateService.js'
import type { VerifyIndexProgress__Output } from '../generated/portcullis/v1/VerifyIndexProgress.js'
import type { VerifyIndexRequest } from '../generated/portcullis/v1/VerifyIndexRequest.js'
import type { VerifyRequest } from '../generated/portcullis/v1/VerifyRequest.js'
import type { VerifyResponse__Output } from '../generated/portcullis/v1/VerifyResponse.js'
import { CHANNEL_OPTIONS, type Connection } from './connection.js'
import { follow } from './follow.js'
import { callError } from './status-details.js'
import { wire } from './wire.js'

export type BulkStream = ReturnType<EnrolmentServiceClient['bulkEnrol']>
export type ImportStream = ReturnType<TemplateServiceClient['importTemplates']>

/**
 * The service as the commands see it: promises, a deadline on every call, and failures as `CliError`
 * with the service's own reason, field and sentences. One channel carries all services.
 */
export class PortcullisClient {
  readonly address: string
  readonly timeoutMs: number
  readonly #enrolment: EnrolmentServiceClient
  readonly #galleries: GalleryServiceClient
  readonly #identification: IdentificationServiceClient
  readonly #index: IndexServiceClient
  readonly #templates: TemplateServiceClient
  readonly #models: ModelServiceClient

  constructor({ address, credentials, timeoutMs }: Connection) {
    const { EnrolmentService, GalleryService, IdentificationService, IndexService } = wire().services
    const { TemplateService, ModelService } = wire().services
    this.address = address
    this.timeoutMs = timeoutMs
    this.#enrolment = new EnrolmentService(address, credentials, CHANNEL_OPTIONS)
    const shared = { ...CHANNEL_OPTIONS, channelOverride: this.#enrolment.getChannel() }
    this.#galleries = new GalleryService(address, credentials, shared)
    this.#identification = new IdentificationService(address, credentials, shared)
    this.#index = new IndexService(address, credentials, shared)
    this.#templates = new TemplateService(address, credentials, shared)
    this.#models = new ModelService(address, credentials, shared)
  }

  createGallery(request: CreateGalleryRequest): Promise<Gallery__Output> {
    return this.#call((options, done) => this.#galleries.createGallery(request, options, done))
  }

  getGallery(galleryId: string): Promise<Gallery__Output> {
    return this.#call((options, done) => this.#galleries.getGallery({ galleryId }, options, done))
  }

  listGalleries(pageSize: number, pageToken: string): Promise<ListGalleriesResponse__Output> {
    return this.#call((options, done) => this.#galleries.listGalleries({ pageSize, pageToken }, options, done))
  }

  deleteGallery(request: DeleteGalleryRequest): Promise<unknown> {
    return this.#call((options, done) => this.#galleries.deleteGallery(request, options, done))
  }

  galleryMonitor(request: GetGalleryMonitorRequest): Promise<GalleryMonitor__Output> {
    return this.#call((options, done) => this.#galleries.getGalleryMonitor(request, options, done))
  }

  getSubject(subjectId: string): Promise<Subject__Output> {
    return this.#call((options, done) => this.#enrolment.getSubject({ subjectId }, options, done))
  }

  listSubjects(galleryId: string, pageSize: number, pageToken: string): Promise<ListSubjectsResponse__Output> {
    return this.#call((options, done) =>
      this.#enrolment.listSubjects({ galleryId, pageSize, pageToken }, options, done),
    )
  }

  setGalleries(subjectId: string, galleryIds: string[]): Promise<Subject__Output> {
    return this.#call((options, done) => this.#enrolment.setGalleries({ subjectId, galleryIds }, options, done))
  }

  deleteSubject(subjectId: string): Promise<unknown> {
    return this.#call((options, done) => this.#enrolment.deleteSubject({ subjectId }, options, done))
  }

  identify(request: IdentifyRequest): Promise<IdentifyResponse__Output> {
    return this.#call((options, done) => this.#identification.identify(request, options, done))
  }

  verify(request: VerifyRequest): Promise<VerifyResponse__Output> {
    return this.#call((options, done) => this.#identification.verify(request, options, done))
  }

  reportOutcome(request: ReportOutcomeRequest): Promise<ReportOutcomeResponse__Output> {
    return this.#call((options, done) => this.#identification.reportOutcome(request, options, done))
  }

  indexStatus(): Promise<IndexStatus__Output> {
    return this.#call((options, done) => this.#index.getIndexStatus({}, options, done))
  }

  rebuildIndex(graphOnly: boolean): Promise<IndexStatus__Output> {
    return this.#call((options, done) => this.#index.rebuildIndex({ graphOnly }, options, done))
  }

  /** Resolves to the last progress. */
  verifyIndex(
    request: VerifyIndexRequest,
    onProgress: (progress: VerifyIndexProgress__Output) => void,
  ): Promise<VerifyIndexProgress__Output> {
    return follow(this.#index.verifyIndex(request), onProgress, this)
  }

  /** Resolves to the last progress. */
  auditIndex(
    request: AuditIndexRequest,
    onProgress: (progress: AuditIndexProgress__Output) => void,
  ): Promise<AuditIndexProgress__Output> {
    return follow(this.#index.auditIndex(request), onProgress, this)
  }

  /** A stream for many enrolments; see `BulkEnroller`. */
  bulkEnrol(deadlineMs: number): BulkStream {
    return this.#enrolment.bulkEnrol({ deadline: Date.now() + deadlineMs })
  }

  /** A stream of batches of templates; see `template-import/`. */
  importTemplates(deadlineMs: number): ImportStream {
    return this.#templates.importTemplates({ deadline: Date.now() + deadlineMs })
  }

  listModels(): Promise<ListModelsResponse__Output> {
    return this.#call((options, done) => this.#models.listModels({}, options, done))
  }

  close(): void {
    this.#enrolment.close()
  }

  #call<Response>(
    start: (options: grpc.CallOptions, done: grpc.requestCallback<Response>) => grpc.ClientUnaryCall,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      start({ deadline: Date.now() + this.timeoutMs }, (error, response) => {
        if (error) reject(callError(error, this.address))
        else resolve(response as Response)
      })
    })
  }
}
