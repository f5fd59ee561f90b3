import type grpc from '@grpc/grpc-js'
import type { CreateGalleryRequest } from '../generated/portcullis/v1/CreateGalleryRequest.js'
import type { DeleteGalleryRequest } from '../generated/portcullis/v1/DeleteGalleryRequest.js'
import type { EnrolmentServiceClient } from '../generated/portcullis/v1/EnrolmentService.js'
import type { Gallery__Output } from '../generated/portcullis/v1/Gallery.js'
import type { GalleryServiceClient } from '../generated/portcullis/v1/GalleryService.js'
import type { IdentificationServiceClient } from '../generated/portcullis/v1/IdentificationService.js'
import type { IdentifyRequest } from '../generated/portcullis/v1/IdentifyRequest.js'
import type { IdentifyResponse__Output } from '../generated/portcullis/v1/IdentifyResponse.js'
import type { ListGalleriesResponse__Output } from '../generated/portcullis/v1/ListGalleriesResponse.js'
import type { ListSubjectsResponse__Output } from '../generated/portcullis/v1/ListSubjectsResponse.js'
import type { Subject__Output } from '../generated/portcullis/v1/Subject.js'
import type { VerifyRequest } from '../generated/portcullis/v1/VerifyRequest.js'
import type { VerifyResponse__Output } from '../generated/portcullis/v1/VerifyResponse.js'
import { CHANNEL_OPTIONS, type Connection } from './connection.js'
import { callError } from './status-details.js'
import { wire } from './wire.js'

export type BulkStream = ReturnType<EnrolmentServiceClient['bulkEnrol']>

/**
 * The service as the commands see it: promises, a deadline on every call, and failures as `CliError`
 * with the service's own reason, field and sentences. One channel carries all three services.
 */
export class PortcullisClient {
  readonly address: string
  readonly timeoutMs: number
  readonly #enrolment: EnrolmentServiceClient
  readonly #galleries: GalleryServiceClient
  readonly #identification: IdentificationServiceClient

  constructor({ address, credentials, timeoutMs }: Connection) {
    const { EnrolmentService, GalleryService, IdentificationService } = wire().services
    this.address = address
    this.timeoutMs = timeoutMs
    this.#enrolment = new EnrolmentService(address, credentials, CHANNEL_OPTIONS)
    const shared = { ...CHANNEL_OPTIONS, channelOverride: this.#enrolment.getChannel() }
    this.#galleries = new GalleryService(address, credentials, shared)
    this.#identification = new IdentificationService(address, credentials, shared)
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

  /** A stream for many enrolments; see `BulkEnroller`. */
  bulkEnrol(deadlineMs: number): BulkStream {
    return this.#enrolment.bulkEnrol({ deadline: Date.now() + deadlineMs })
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
